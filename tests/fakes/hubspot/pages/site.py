"""Leads a browser's request to a page, and what is pressed there to the portal, as a person's act."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader

from tests.fakes.hubspot.faults import Fault
from tests.fakes.hubspot.kinds import DEAL, ObjectType
from tests.fakes.hubspot.moods import Mood
from tests.fakes.hubspot.pages import views
from tests.fakes.hubspot.pages.showing import label
from tests.fakes.hubspot.pages.timelines import engagement
from tests.fakes.hubspot.portal import Portal

if TYPE_CHECKING:
    from tests.fakes.hubspot.desk import Desk

HERE = Path(__file__).parent
_PAGES = Environment(loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True)
Form = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Page:
    text: str = ""
    status: int = 200
    content_type: str = "text/html"
    headers: dict[str, str] = field(default_factory=dict)


def get(desk: Desk, path: str, query: Mapping[str, str]) -> Page:
    with desk.portal.lock:
        return _get(desk, [part for part in path.split("/") if part], query)


def _get(desk: Desk, parts: list[str], query: Mapping[str, str]) -> Page:
    single = {"page.css": _style, "changes": _changes, "calls": _calls, "favicon.ico": lambda *_: Page(status=204)}
    if len(parts) == 1 and parts[0] in single:
        return single[parts[0]](desk, query)
    kind = _kind(desk.portal, parts[0] if parts else "deals")
    if kind is None or len(parts) > 2:
        return _missing(desk)
    if len(parts) == 2:
        return _record(desk, kind, parts[1], query)
    if kind.id == DEAL and not query.get("q"):
        return _board(desk, query)
    found = views.rows(desk.portal, kind, query.get("q", ""))
    words: dict[str, Any] = {"kind": kind, "headings": views.headings(kind), "rows": found, "q": query.get("q", "")}
    return _page(desk, "list.html", query, active=kind.plural, label=label(desk.portal, kind, many=True), **words)


def post(desk: Desk, path: str, form: Form) -> Page:
    """Carries it out and leads back to the page; HubSpot's refusals are shown there in its own words."""
    parts = [part for part in path.split("/") if part]
    act = _ACTS.get(parts[-1]) if parts else None
    if act is None:
        return _missing(desk)
    try:
        with desk.portal.lock:
            return _back(act(desk, parts, form))
    except Fault as fault:
        words = "; ".join(str(one["message"]) for one in fault.errors if "message" in one) or fault.message
        return _back("/" + "/".join(parts[:-1]), words)
    except (KeyError, IndexError, ValueError, LookupError):
        return Page("That form was not complete.", 400, "text/plain")


def _back(where: str, refused: str = "") -> Page:
    return Page(status=303, headers={"Location": f"{where}?refused={quote(refused)}" if refused else where})


def _kind(portal: Portal, name: str) -> ObjectType | None:
    return portal.kinds.get(name.lower())


def _style(_desk: Desk, _query: Mapping[str, str]) -> Page:
    return Page((HERE / "page.css").read_text(encoding="utf-8"), content_type="text/css")


def _changes(desk: Desk, _query: Mapping[str, str]) -> Page:
    """A number that grows with every change, for pages that look whether they are still true."""
    return Page(str(len(desk.portal.changes)), content_type="text/plain", headers={"Cache-Control": "no-store"})


def _calls(desk: Desk, query: Mapping[str, str]) -> Page:
    shown = views.call_rows(desk.portal, desk.calls.all)
    return _page(desk, "calls.html", query, active="calls", rows=shown, meter=desk.meter)


def _board(desk: Desk, query: Mapping[str, str]) -> Page:
    known = desk.portal.pipelines[DEAL]
    pipeline = known.get(query.get("pipeline", "")) or next(iter(known.values()))
    counts = {one.id: 0 for one in known.values()}
    for record in desk.portal.records.all(DEAL):
        counts[record.values.get("pipeline", "")] = counts.get(record.values.get("pipeline", ""), 0) + 1
    columns = views.board(desk.portal, pipeline)
    more: dict[str, Any] = {"pipelines": known.values(), "pipeline": pipeline, "columns": columns, "counts": counts}
    return _page(desk, "board.html", query, active="deals", **more)


def _record(desk: Desk, kind: ObjectType, record_id: str, query: Mapping[str, str]) -> Page:
    portal = desk.portal
    record = portal.records.get(kind.id, record_id)
    if record is None:
        return _missing(desk)
    if kind.engagement:
        return _page(desk, "engagement.html", query, entry=engagement(portal, record), record=record, kind=kind)
    shown = views.record_page(portal, kind, record)
    return _page(desk, "record.html", query, active=kind.plural, choices=views.choices(portal, kind), **shown)


def _missing(desk: Desk) -> Page:
    return _page(desk, "missing.html", {}, status=404)


def _page(desk: Desk, template: str, query: Mapping[str, str], *, status: int = 200, **words: Any) -> Page:
    portal = desk.portal
    frame = {
        "portal": portal,
        "kinds": views.kinds(portal),
        "down": desk.moods.down,
        "refused": query.get("refused", ""),
        "changes": len(portal.changes),
        "active": "",
        "told": desk.webhooks.url,
    }
    return Page(_PAGES.get_template(template).render(frame | words), status)


def _one(form: Form, name: str) -> str:
    return form[name][0] if form.get(name) else ""


def _edit(desk: Desk, parts: list[str], form: Form) -> str:
    """A property gets a value; of several options all that were ticked."""
    name = _one(form, "name")
    text = ";".join(part for part in form.get("value", ()) if part)
    desk.portal.person_edits(parts[0], parts[1], **{name: text.replace("\r\n", "\n")})
    return f"/{parts[0]}/{parts[1]}"


def _move(desk: Desk, parts: list[str], form: Form) -> str:
    desk.portal.person_edits(parts[0], parts[1], pipeline=_one(form, "pipeline"), dealstage=_one(form, "stage"))
    return f"/{parts[0]}/{parts[1]}"


def _associate(desk: Desk, parts: list[str], form: Form) -> str:
    to_kind, word = _one(form, "kind"), _one(form, "label")
    primary = word == "Primary"
    desk.portal.person_associates(parts[0], parts[1], to_kind, _one(form, "to"), word, primary=primary)
    return f"/{parts[0]}/{parts[1]}"


def _part(desk: Desk, parts: list[str], form: Form) -> str:
    desk.portal.person_disassociates(parts[0], parts[1], _one(form, "kind"), _one(form, "to"))
    return f"/{parts[0]}/{parts[1]}"


def _delete(desk: Desk, parts: list[str], _form: Form) -> str:
    desk.portal.person_deletes(parts[0], parts[1])
    return f"/{parts[0]}"


def _create(desk: Desk, parts: list[str], form: Form) -> str:
    given = {name: values[0] for name, values in form.items() if values and values[0]}
    made = desk.portal.person_creates(parts[0], **given)
    return f"/{parts[0]}/{made.id}"


def _set_mood(desk: Desk, _parts: list[str], form: Form) -> str:
    """From the page of calls: an outage, one bad answer, or all well again."""
    chosen = _one(form, "mood")
    if chosen == "calm":
        desk.moods.calm()
    elif chosen == "outage":
        desk.moods.outage(float(_one(form, "seconds") or 120))
    elif chosen == "limits":
        desk.moods.enforce(silent_share=0.5)
    else:
        desk.moods.next(Mood(chosen))
    return "/calls"


_ACTS: dict[str, Callable[[Desk, list[str], Form], str]] = {
    "edit": _edit,
    "move": _move,
    "associate": _associate,
    "part": _part,
    "delete": _delete,
    "create": _create,
    "mood": _set_mood,
}
