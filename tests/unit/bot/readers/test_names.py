"""What makes a name: runs of capitals, agreement with addresses, people beside companies, and names made up."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from random import Random

import pytest

from benchmarks.reader.catalogue import CATALOGUE
from benchmarks.reader.inventing import NameStock, renamed
from benchmarks.reader.labels import names_in
from benchmarks.reader.samples import NAMES, Sample, load_samples
from bot.evaluation.cases import Wanted
from bot.ports import Readable
from bot.readers.builtin.agreement import host_runs, hosts_and_mailboxes
from bot.readers.builtin.apart import told_apart
from bot.readers.builtin.document import Document, read_document
from bot.readers.builtin.mentions import Kind, Mention
from bot.readers.builtin.name_edges import with_edges
from bot.readers.builtin.name_shapes import runs
from bot.readers.builtin.plain_wishes import is_unsubscribe
from bot.readers.builtin.products import ProductFinder
from bot.vocabulary.company_names import name_key

PRODUCTS = ProductFinder(CATALOGUE)


def document(text: str) -> Document:
    return read_document("", text, "", "en", date(2026, 11, 18), PRODUCTS)


@pytest.mark.parametrize(
    ("text", "run"),
    [
        ("we met Salt & Ember today", "Salt & Ember"),
        ("bei Vier Handen & Een Rug", "Vier Handen & Een Rug"),
        ("the Slagerij Vrijdag deal", "Slagerij Vrijdag"),
    ],
)
def test_a_run_of_capitals_holds_the_little_words_and_numbers_of_a_name(text: str, run: str) -> None:
    tokens = document(text).tokens
    assert run in [text[tokens[r.start].start : tokens[r.end - 1].end] for r in runs(tokens)]


@pytest.mark.parametrize(
    ("text", "name", "much"),
    [
        ("Two Guns Trucking, see twogunstrucking.example", "Two Guns Trucking", "full"),
        ("das Café Möwe, post@cafe-moewe.example", "Café Möwe", "full"),
        ("the Salt and Ember Group, saltember.example", "Salt and Ember", "full"),
        ("Brynmawr Timber Works, x@brynmawr.example", "Brynmawr", "full"),
    ],
)
def test_words_that_spell_a_host_together_are_marked(text: str, name: str, much: str) -> None:
    read = document(text)
    marked = host_runs(read.tokens, hosts_and_mailboxes(read)[0])
    places = sorted(marked)
    assert text[read.tokens[places[0]].start : read.tokens[places[-1]].end] == name
    assert all(much in said for said in marked.values())


def _company(text: str, name: str) -> Mention:
    return Mention(Kind.CUSTOMER, text.index(name), text.index(name) + len(name), name)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Pine & Tar Outfitters, Buck Tillery is our man there", Kind.PERSON),
        ("Pine & Tar Outfitters, our contact Buck Tillery", Kind.PERSON),
        ("Pine & Tar Outfitters and Buck Tillery GmbH, our man there is new", Kind.CUSTOMER),
        ("Pine & Tar Outfitters and Buck Tillery both want Core", Kind.CUSTOMER),
    ],
)
def test_who_is_spoken_of_as_somebody_is_a_person(text: str, kind: Kind) -> None:
    second = "Buck Tillery GmbH" if "GmbH" in text else "Buck Tillery"
    names = [_company(text, "Pine & Tar Outfitters"), _company(text, second)]
    assert [n.kind for n in told_apart(document(text), names)] == [Kind.CUSTOMER, kind]


def test_a_name_alone_in_its_sentence_stays_a_company() -> None:
    text = "Buck Tillery is our man"
    assert [n.kind for n in told_apart(document(text), [_company(text, "Buck Tillery")])] == [Kind.CUSTOMER]


def sample(text: str, customer: str, contact: str, *, firms: tuple[str, ...], people: tuple[str, ...]) -> Sample:
    wanted = Wanted("register_deal", {"customer": customer, "contact_name": contact})
    readable = Readable(text, datetime(2026, 11, 18, tzinfo=UTC))
    return Sample("train-xx-1", "en", readable, (wanted,), True, firms, people)


def test_labelled_and_other_names_are_learnt_wherever_they_stand_except_in_addresses() -> None:
    text = "Moser Ltd, Anna Lechner, lechner@moser.example. Ours is Egger IT, Moser is new. Tom knows moser ltd."
    read = document(text)
    places = names_in(sample(text, "Moser Ltd", "Anna Lechner", firms=("Egger IT",), people=("Tom", "Lechner")), read)
    assert [text[s:e] for s, e in sorted(places[Kind.CUSTOMER])] == ["Moser Ltd", "Egger IT", "Moser", "moser ltd"]
    assert [text[s:e] for s, e in sorted(places[Kind.PERSON])] == ["Anna Lechner", "Tom"]


def test_every_marked_name_stands_in_a_message_that_is_there() -> None:
    texts = {s.id: f"{s.readable.subject}\n{s.readable.text}\n{s.readable.forwarded}" for s in load_samples()}
    rows = [json.loads(line) for line in NAMES.read_text(encoding="utf-8").splitlines()]
    strays = [
        (row["id"], name)
        for row in rows
        for name in (*row.get("firms", ()), *row.get("people", ()))
        if name not in texts.get(row["id"], "")
    ]
    assert strays == []
    assert len(rows) == len({row["id"] for row in rows}) > 6000


def test_another_name_counts_as_it_is_written_and_whole() -> None:
    text = "Acme Ltd is ours. The acme of service, and Acme alone."
    places = names_in(sample(text, "Moser Ltd", "Anna Lechner", firms=("Acme Ltd",), people=()), document(text))
    assert [text[s:e] for s, e in places[Kind.CUSTOMER]] == ["Acme Ltd"]


def test_the_vendors_own_name_is_no_sure_sign_of_the_product_that_it_names() -> None:
    found = {text: [m.sure for m in document(text).mentions] for text in ("Dear Lumora,", "the Core seats")}
    assert found == {"Dear Lumora,": [False], "the Core seats": [True]}


def test_keys_leave_out_case_accents_legal_forms_and_joining_words() -> None:
    assert name_key("Société Béta S.A.R.L.") == name_key("SOCIETE BETA")
    assert name_key("Huber & Söhne GmbH") == name_key("huber und sohne")
    assert name_key("GmbH") == "gmbh"
    assert name_key("") == ""


def test_renamed_messages_keep_their_words_and_carry_the_new_names_everywhere() -> None:
    text = "Please register Birkdale Optics, ruth@birkdale-optics.example. Birkdale Optics wants 40 seats."
    read = document(text)
    starts = [text.index("Birkdale"), text.rindex("Birkdale")]
    places = {Kind.CUSTOMER: [(s, s + len("Birkdale Optics")) for s in starts], Kind.PERSON: []}
    stock = NameStock(("Norwick Dairy", "Halden Steel Works"), ("Anna Meyer",))
    fresh, moved = renamed(read, places, stock, PRODUCTS, Random(3))
    said = {fresh.text[s:e] for s, e in moved[Kind.CUSTOMER]}
    assert len(moved[Kind.CUSTOMER]) == 2
    assert len(said) == 1
    assert "Birkdale" not in fresh.text
    assert "birkdale" not in fresh.text
    assert fresh.text.startswith("Please register ")
    assert fresh.text.endswith(" wants 40 seats.")


@pytest.mark.parametrize(
    "text",
    [
        "how do I unsubscribe a user from Core?",
        "unsubscribe me, and register Norwick Dairy with 20 seats of Core please",
        "",
        "please " * 30,
        "the the the the the the the",
    ],
)
def test_what_says_more_or_less_is_no_plain_wish(text: str) -> None:
    assert not is_unsubscribe(text)


@pytest.mark.parametrize(
    ("text", "found", "whole"),
    [
        ("für Wolle Wunder e.K. bitte", "Wolle Wunder", "Wolle Wunder e.K."),
        ("the deal with Whom Whom LLP today", "Whom Whom", "Whom Whom LLP"),
        ("para Las Comadres S. de R.L. de C.V. ya", "Las Comadres", "Las Comadres S. de R.L. de C.V."),
        ("we spoke to The Fen Trust today", "Fen Trust", "The Fen Trust"),
        ("Beim Gartencenter Umbra läuft es", "Beim Gartencenter Umbra", "Gartencenter Umbra"),
        ("The Fen Trust is new", "The Fen Trust", "The Fen Trust"),
        ("register Acme as ours", "Acme", "Acme"),
    ],
)
def test_a_company_keeps_its_legal_form_and_loses_what_leads_to_it(text: str, found: str, whole: str) -> None:
    assert [n.value for n in with_edges(document(text), [_company(text, found)])] == [whole]


@pytest.mark.parametrize(
    ("text", "found", "whole"),
    [
        ("bel Tjitske van der Spoel van Jachtwerf Heeg", "Tjitske van", "Tjitske van der Spoel"),
        ("ask for Ana de la Torre, please", "Ana de", "Ana de la Torre"),
        ("Herr Otto von Brettin wartet", "Otto von", "Otto von Brettin"),
        ("we saw Peter de directeur", "Peter de", "Peter de"),
        ("ask Anna Lechner Today", "Anna Lechner", "Anna Lechner"),
    ],
)
def test_a_surname_is_not_cut_behind_its_particle(text: str, found: str, whole: str) -> None:
    start = text.index(found)
    person = Mention(Kind.PERSON, start, start + len(found), found)
    assert [m.value for m in with_edges(document(text), [person])] == [whole]


@pytest.mark.parametrize(
    ("text", "found", "whole"),
    [
        ("1 Alwen Cooling\n2 Sharq Pharma", "1 Alwen Cooling", "Alwen Cooling"),
        ("ok: ① Alwen Cooling is won", "① Alwen Cooling", "Alwen Cooling"),
        ("100 Bakers want 12 seats", "100 Bakers", "100 Bakers"),
        ("Please register 4 Winds Travel", "4 Winds Travel", "4 Winds Travel"),
    ],
)
def test_the_number_of_a_row_is_no_part_of_a_name(text: str, found: str, whole: str) -> None:
    assert [n.value for n in with_edges(document(text), [_company(text, found)])] == [whole]


def test_a_mail_host_is_no_customer() -> None:
    assert with_edges(document("via Gmail please"), [_company("via Gmail please", "Gmail")]) == []


def test_whose_mailbox_it_is_is_a_person() -> None:
    text = "Register Norwick Dairy. Write to Orla Fenn, o.fenn@norwick-dairy.example."
    names = [_company(text, "Norwick Dairy"), _company(text, "Orla Fenn")]
    assert [n.kind for n in told_apart(document(text), names)] == [Kind.CUSTOMER, Kind.PERSON]
