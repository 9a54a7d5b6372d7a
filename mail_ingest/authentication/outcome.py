"""What one method found out about a mail, in a form that the others can be weighed against."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """`passed` for the author's own domain, else nothing; `temporary` where DNS gave no answer, which is no fail.

    `said` is for staff and the log: "dkim=pass for acme.com", "spf=softfail", "no signature of acme.com".
    `id_signed` is False where the signature that passed leaves the Message-ID to anybody.
    """

    passed: bool
    said: str
    temporary: bool = False
    id_signed: bool = True
