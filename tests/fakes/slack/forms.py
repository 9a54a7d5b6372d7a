"""Forms in the hands of a person: filled in, sent off, closed, and what the app answers to that."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any

from tests.fakes.slack import elements
from tests.fakes.slack.api.views import changed, depth
from tests.fakes.slack.contract import view_faults
from tests.fakes.slack.delivering import Attempt, Kind
from tests.fakes.slack.interactions import Interactions
from tests.fakes.slack.patience import wait_for
from tests.fakes.slack.web_api import FakeSlack
from tests.fakes.slack.world import FakeView

TROUBLE = "We had some trouble connecting. Try again?"


class NotFilledIn(Exception):
    """Slack does not let a form go off while a field that must be filled in is empty; the labels of those."""


class Forms(ABC):
    """The half of `Hands` that is about views."""

    slack: FakeSlack
    interactions: Interactions

    @abstractmethod
    async def send(self, payload: dict[str, Any], kind: Kind = Kind.EVENT) -> list[Attempt]:
        """Deliver a payload to the app."""

    async def opened(self, user: str, within: float = 2.0) -> FakeView:
        """The form on top of what this person has open, waited for. Raises TimeoutError."""
        await wait_for(lambda: self.slack.open_view(user) is not None, within)
        view = self.slack.open_view(user)
        assert view is not None
        return view

    async def until(self, view: FakeView, words: str, within: float = 2.0) -> FakeView:
        """Once these words stand in the form, as after `views.update`. Raises TimeoutError."""
        await wait_for(lambda: words in str(view.body), within)
        return view

    def fills(self, view: FakeView, filled: Mapping[str, Any]) -> None:
        """By action id, block id or label: a text, an option's words or value, a list of them. Raises NotThere."""
        for name, said in filled.items():
            found = elements.element(view.body.get("blocks") or [], name)
            view.filled[found.block_id, found.action_id] = found.filled(said)

    async def presses_in(self, view: FakeView, name: str, pick: Any = "") -> list[Attempt]:
        """A button or a select in a form or in the Home tab."""
        payload = self.interactions.press_in(view, name, pick)
        done = payload["actions"][0]
        if pick:
            found = elements.element(view.body.get("blocks") or [], name)
            view.filled[found.block_id, found.action_id] = found.filled(pick)
            payload["view"] = self.interactions.view(view)
            assert done["action_id"] == found.action_id
        return await self.send(payload, Kind.INTERACTIVE)

    async def submits(self, view: FakeView, filled: Mapping[str, Any] | None = None) -> Mapping[str, str]:
        """Sends it off and does what the app answers; the errors by block where there are any.

        Raises NotFilledIn where Slack would not even send it.
        """
        self.fills(view, filled or {})
        if missing := self.missing(view):
            raise NotFilledIn(missing)
        attempts = await self.send(self.interactions.submission(view), Kind.INTERACTIVE)
        self.slack.changes += 1
        if not attempts[-1].acknowledged:
            view.errors = {"": TROUBLE}
            return view.errors
        self.answered(view, attempts[-1].answer)
        return view.errors

    def missing(self, view: FakeView) -> list[str]:
        """Labels of fields that are empty and must not be."""
        found = []
        for one in elements.elements(view.body.get("blocks") or []):
            value = view.filled.get((one.block_id, one.action_id)) or one.initial()
            if one.is_field and not one.block.get("optional") and elements.is_empty(value):
                found.append(one.words or one.action_id)
        return found

    def answered(self, view: FakeView, answer: Mapping[str, Any]) -> None:
        """What the acknowledgement of a submission does to the form."""
        view.errors = {}
        match answer.get("response_action"):
            case "errors":
                view.errors = {str(name): str(said) for name, said in (answer.get("errors") or {}).items()}
                known = {one.block_id for one in elements.elements(view.body.get("blocks") or []) if one.is_field}
                self.slack.violations += [f"errors at {one}, which is no field" for one in view.errors.keys() - known]
            case "update":
                self._checked(answer)
                changed(self.slack, view, dict(answer.get("view") or {}))
            case "push":
                self._checked(answer)
                if depth(self.slack, view) >= 3:
                    self.slack.violations.append("a fourth form on top of three")
                self.slack.new_view(view.user, dict(answer.get("view") or {}), view.id)
            case "clear":
                for one in self.slack.views.values():
                    one.open = one.open and one.user != view.user
            case None:
                view.open = False
            case other:
                self.slack.violations.append(f"unknown response_action {other}")

    async def closes(self, view: FakeView) -> None:
        view.open = False
        self.slack.changes += 1
        if view.body.get("notify_on_close"):
            await self.send(self.interactions.closed(view), Kind.INTERACTIVE)

    def _checked(self, answer: Mapping[str, Any]) -> None:
        self.slack.violations += [f"response_action: {fault}" for fault in view_faults(dict(answer.get("view") or {}))]
