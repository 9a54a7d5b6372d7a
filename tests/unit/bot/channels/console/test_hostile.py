"""Whatever a partner calls itself or writes, no page turns it into markup."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest
from starlette.testclient import TestClient

from bot.channels.console.statement_views import StatementRow, StatementView
from bot.channels.console.views import (
    ConversationThread,
    KeptMail,
    MessageState,
    PartnerRow,
    PartnerView,
    QueueView,
    Seats,
    ShuntedMessage,
    TaskView,
    ThreadMessage,
    WishRead,
)
from bot.vocabulary.announcement_report import SignUp
from bot.vocabulary.announcing import AnnouncementState, AnnouncementText, Call, CallKind, Composed
from bot.vocabulary.documents import Document
from bot.vocabulary.segment import SavedSegment, Segment
from crm.records import Channel, Direction
from knowledge.commission.statement import StatementState
from tests.fakes.console import InMemoryConsole
from tests.unit.bot.channels.console.conftest import client_of

EVIL = '"\'><script>boom()</script><img src=x onerror=boom()><a href="javascript:boom()">x</a>{{ 7*191 }}</textarea>'


def _evil_announcement() -> Composed:
    texts = (AnnouncementText("en", EVIL, EVIL), AnnouncementText("de", EVIL, EVIL, approved=False))
    document = Document(EVIL, EVIL, 1, EVIL, EVIL)
    return Composed(texts, call=Call(CallKind.QUESTION, question=EVIL), documents=(document,))


class HostileConsole(InMemoryConsole):
    """Every text a stranger can choose is an attack."""

    def __init__(self) -> None:
        super().__init__()
        now = self.now()
        read = (WishRead(EVIL, ((EVIL, EVIL),)),)
        message = ThreadMessage(EVIL, Direction.IN, now, EVIL, EVIL, MessageState.HANDLED, EVIL, read, EVIL)
        self.threads["c1"] = [ConversationThread("t1", Channel.EMAIL, EVIL, (message,), EVIL)]
        self.records["D-48213"] = replace(
            self.records["D-48213"], customer=EVIL, customer_domain=EVIL, contact_name=EVIL, contact_email=EVIL,
            currency=EVIL, products=(EVIL,), notes=EVIL,
        )  # fmt: skip
        self.tasks = [TaskView("k1", "p1", EVIL, EVIL, EVIL, EVIL, now, "D-1")]
        self.failed = [ShuntedMessage("s1", Channel.EMAIL, EVIL, EVIL, EVIL, now, 1, EVIL)]
        told = replace(self.announcing.kept["a1"], composed=_evil_announcement(), created_by=EVIL, confirmed_by=EVIL)
        self.announcing.kept = {"a1": told, "d1": replace(told, id="d1", state=AnnouncementState.DRAFT)}
        self.announcing.saved = [SavedSegment(EVIL, Segment(tiers=(EVIL,)), EVIL, now)]
        self.announcing.answers = (SignUp(EVIL, EVIL, EVIL, EVIL, EVIL, EVIL, now),)
        self.partner_seats = [
            replace(seat, name=EVIL, email=EVIL, partner_name=EVIL, slack_channel=EVIL) for seat in self.partner_seats
        ]

    async def seats(self) -> Seats:
        seats = await super().seats()
        return replace(seats, managers=tuple(replace(m, name=EVIL) for m in seats.managers))

    async def partners(self) -> tuple[PartnerRow, ...]:
        rows = await super().partners()
        return tuple(replace(row, record=replace(row.record, name=EVIL, tier=EVIL, region=EVIL)) for row in rows)

    async def partner(self, partner_id: str) -> PartnerView | None:
        view = await super().partner(partner_id)
        if view is None:
            return None
        said = tuple(replace(i, summary=EVIL, outcome=EVIL, body=EVIL, deal_numbers=(EVIL,)) for i in view.timeline)
        return replace(
            view,
            record=replace(view.record, name=EVIL, tier=EVIL, country=EVIL, language=EVIL),
            contacts=tuple(replace(c, name=EVIL, email=EVIL) for c in view.contacts),
            deals=tuple(replace(d, customer=EVIL, next_step=EVIL, products=(EVIL,)) for d in view.deals),
            timeline=said,
            slack_channels=(EVIL, EVIL),
            contact_names=dict.fromkeys(view.contact_names, EVIL),
        )

    async def queue(self) -> QueueView:
        return replace(await super().queue(), kept=(KeptMail("k77", EVIL, EVIL, self.now()),))

    async def kept_mail(self, mail_id: str) -> KeptMail | None:
        return KeptMail(mail_id, EVIL, EVIL, self.now(), ((EVIL, EVIL),), EVIL, files=(EVIL,))

    async def statements(self, state: StatementState | None = None) -> tuple[StatementRow, ...]:
        return tuple(replace(row, partner_name=EVIL) for row in await super().statements(state))

    async def statement(self, statement_id: str) -> StatementView | None:
        view = await super().statement("s-waiting")
        assert view is not None
        record = replace(view.record, partner_id=EVIL, note=EVIL, invoice_number=EVIL, reference=EVIL)
        lines = tuple(
            replace(one, customer=EVIL, deal_number=EVIL, event=EVIL, plan=EVIL, tier=EVIL, derivation=(EVIL,))
            for one in view.lines
        )
        files = tuple(replace(file, name=EVIL, kind=EVIL) for file in view.files)
        disputes = tuple(replace(dispute, words=EVIL, reason=EVIL) for dispute in view.disputes)
        return replace(
            view, record=record, partner_name=EVIL, lines=lines, files=files, disputes=disputes, sent_to=EVIL
        )


class Elements(HTMLParser):
    """What a browser would build: elements with attributes that could run something."""

    def __init__(self) -> None:
        super().__init__()
        self.dangerous: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        link = (held.get("href") or held.get("src") or held.get("action") or "/").strip()
        if tag == "script" and link != "/static/console.js":
            self.dangerous.append(self.get_starttag_text() or tag)
        if any(name.startswith("on") for name in held) or not link.startswith(("/", "#")) or link.startswith("//"):
            self.dangerous.append(self.get_starttag_text() or tag)


@pytest.fixture
def hostile() -> TestClient:
    return client_of(HostileConsole())


@pytest.mark.parametrize(
    "path",
    [
        "/", "/seats/c1?thread=t1", "/seats/c1/thread?thread=t1", "/seats/c1?compose=slack", "/seats/c1?compose=mail",
        "/seats/c1?message=%22%3E%3Cscript%3E", "/desk/noor", "/desk/noor/announce", "/registrations",
        "/desk/noor/announce?from=a1", "/desk/noor/announce?draft=d1", "/desk/noor/announce/d1", "/announcements/a1",
        "/desk/noor/segments",
        "/registrations/D-48213", "/partners", "/partners/p1", "/partners/p1/deals/D-48213", "/announcements", "/queue",
        "/partners/p1/deals/D-20461", "/queue/shunted/s1", "/queue/kept/k77",
        "/statements", "/statements/s-waiting", "/%3Cscript%3Eboom()%3C/script%3E", "/seats/%3Cimg%20onerror=x%3E",
    ],
)  # fmt: skip
def test_no_page_builds_an_element_from_a_text(hostile: TestClient, path: str) -> None:
    answer = hostile.get(path)
    found = Elements()
    found.feed(answer.text)
    assert found.dangerous == []
    assert answer.status_code < 500
    assert "1337" not in answer.text


@pytest.mark.parametrize("action", ["look", "save", "preview", "save-segment", "remove-language:0", EVIL])
def test_a_hostile_announcement_is_given_back_as_text(hostile: TestClient, action: str) -> None:
    form = {
        "subject-0": EVIL,
        "body-0": EVIL,
        "language-0": EVIL,
        "tier": EVIL,
        "words": EVIL,
        "date": EVIL,
        "at": EVIL,
    }
    form |= {"action": action, "draft": EVIL, "document": EVIL, "subject-1": EVIL, "segment_name": EVIL, "remind": EVIL}
    found = Elements()
    answer = hostile.post("/desk/noor/announce", data=form)
    found.feed(answer.text)
    assert found.dangerous == []
    assert (answer.status_code < 500, "could not show" in answer.text) == (True, False)


def test_a_link_cannot_put_words_into_a_notice(hostile: TestClient) -> None:
    hostile.cookies.set("partnerline_notice", "You are hacked")
    assert "You are hacked" not in hostile.get("/queue").text
