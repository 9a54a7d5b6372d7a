"""The users of an account, who own deals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tests.fakes.hubspot.definitions import EPOCH


@dataclass(frozen=True)
class Owner:
    id: str
    email: str
    first: str
    last: str
    archived: bool = False

    def shown(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "email": self.email,
            "firstName": self.first,
            "lastName": self.last,
            "type": "PERSON",
            "userId": int(self.id) + 4000,
            "userIdIncludingInactive": int(self.id) + 4000,
            "createdAt": EPOCH,
            "updatedAt": EPOCH,
            "archived": self.archived,
            "teams": [],
        }


OWNERS = (
    Owner("901", "mara.manager@vendor.example", "Mara", "Manager"),
    Owner("902", "sam.seller@vendor.example", "Sam", "Seller"),
    Owner("903", "gone@vendor.example", "Gerd", "Gone", archived=True),
)
