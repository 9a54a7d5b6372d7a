"""`partnerline program init`: questions with defaults, or a file of answers, become a program folder of one's own."""

from __future__ import annotations

import shlex
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError

from bot.bootstrap import now
from bot.cli.faults import FAILED, UNUSABLE, Fault
from bot.cli.given import given
from bot.cli.program_values import plain
from bot.cli.screen import errors, printable, say
from bot.operations.new_program import Answers, free, program_files, write_program
from bot.texts.own import text_faults
from crm.records import PartnerType
from knowledge.errors import ProgramError
from knowledge.faults import table_faults
from knowledge.loading import load_programs
from knowledge.toml_file import read_toml

_LARGEST = 100_000  # bytes of a file of answers
_Said = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Question:
    """`default` is computed from what was answered before; `needed` tells whether to ask at all."""

    field: str
    words: str
    default: Callable[[_Said], str] = lambda _: ""
    read: Callable[[str], Any] = str
    needed: Callable[[_Said], bool] = lambda _: True


def init(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where to write it; new or empty.")],
    answers: Annotated[
        Path | None, typer.Option(metavar="FILE.toml", help="Take the answers from a file and ask nothing.")
    ] = None,
) -> None:
    """Begin a program of your own: answer questions, most of them with Enter, and get commented files to go on with.

    Nothing is ever overwritten, and nothing is written that `partnerline program check` would not find right.

    [bold]Examples[/bold]

    [cyan]partnerline program init my-program[/cyan]

    [cyan]partnerline program init my-program --answers answers.toml[/cyan]

    Such a file has at least the lines vendor = "Acme", domain = "acme.example", country = "DE", manager_name = "Ann
    Lee" and manager_email = "ann@acme.example"; docs/your-program.md lists all.
    """
    if not free(folder):
        raise Fault(f"{folder} is there already, and nothing is ever overwritten", "name another folder", UNUSABLE)
    given_answers = _from_file(answers) if answers else _asked()
    files = program_files(given_answers, now().date())
    _checked(files)
    try:
        write_program(folder, files)
    except OSError as error:
        raise Fault(f"{folder} cannot be written ({error})", "name another folder", FAILED) from error
    for path in files:
        say(f"{folder / path} is written")
    begin = given(context).command("program check")
    say(("next: ", "bold"), f"look through {folder / 'program.toml'}, then {begin} {shlex.quote(str(folder))}")
    say(f"the agent takes it with --program-dir {shlex.quote(str(folder))} or PARTNERLINE_PROGRAM_DIR")


def _checked(files: dict[str, str]) -> None:
    """Written apart first: what contradicts itself is told before anything is there."""
    with tempfile.TemporaryDirectory() as place:
        write_program(Path(place), files)
        try:
            load_programs(Path(place), text_faults)
        except ProgramError as error:
            _tell(error.faults)
            raise Fault("the answers contradict each other", "mend what is told above", UNUSABLE) from error


def _from_file(path: Path) -> Answers:
    faults: list[str] = []
    file = read_toml(path, path.name, _LARGEST, faults)
    if file is not None and not faults:
        try:
            return Answers.model_validate(file.raw)
        except ValidationError as error:
            faults += file.told(table_faults(error))
    _tell(faults)
    raise Fault(f"{path} cannot be used", "mend each as told above", UNUSABLE)


def _tell(faults: list[str] | tuple[str, ...]) -> None:
    for fault in faults:
        errors().print(printable(fault), soft_wrap=True)


def _asked() -> Answers:
    said: _Said = {}
    for question in _QUESTIONS:
        if question.needed(said):
            said[question.field] = _answer(question, said)
    try:
        return Answers.model_validate(said)
    except ValidationError as error:
        _tell(tuple(table_faults(error)))
        raise Fault("the answers cannot be used", "begin again", UNUSABLE) from error


def _answer(question: _Question, said: _Said) -> Any:
    """Asked until it fits."""
    field = TypeAdapter[Any](Answers.model_fields[question.field].rebuild_annotation())
    default = question.default(said)
    while True:
        words = typer.prompt(question.words, default=default or None, show_default=bool(default)).strip()
        try:
            answer = question.read(words)
            field.validate_python(answer)
        except ValidationError as error:
            _tell([fault.partition(": ")[2] or fault for fault in table_faults(error)])
        except ValueError as error:
            _tell([str(error)])
        else:
            return answer


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip().casefold() for word in text.split(",") if word.strip())


def _codes(text: str) -> tuple[str, ...]:
    return tuple(word.strip().upper() for word in text.split(",") if word.strip(" -"))


def _number(text: str) -> Decimal:
    """With a point or a comma."""
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        raise ValueError(f"{text[:40]!r} is no number; write one such as 2.5") from None


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise ValueError(f"{text[:40]!r} is no whole number; write one such as 30")
    return int(text[:9])


def _rows(*names: str) -> Callable[[str], list[dict[str, Any]]]:
    """Rows parted by |, their values by ; in the order of the names; all but the first two are numbers."""

    def read(text: str) -> list[dict[str, Any]]:
        rows = [[value.strip() for value in row.split(";")] for row in text.split("|") if row.strip()]
        return [_row(names, row) for row in rows]

    return read


def _row(names: tuple[str, ...], values: list[str]) -> dict[str, Any]:
    if len(values) != len(names):
        raise ValueError(f"write {'; '.join(name.replace('_', ' ') for name in names)}, and | between two of them")
    texts = ("name", "billing")
    return {key: value if key in texts else _number(value) for key, value in zip(names, values, strict=True)}


def _of(said: _Said, **more: Any) -> Answers:
    """What follows from the answers so far; what was not asked yet does not matter to it."""
    known = {"vendor": "x", "domain": "x.example", "country": "BE", "manager_name": "x", "manager_email": "x@x.example"}
    return Answers.model_validate({**known, **said, **more})


def _set(field: str) -> Callable[[_Said], str]:
    """The default that the answers have of themselves."""
    return lambda _: plain(Answers.model_fields[field].default).replace(",", "")


def _has(*kinds: PartnerType) -> Callable[[_Said], bool]:
    return lambda said: bool({kind.value for kind in kinds} & set(said["types"]))


_TIERS = "Registered; 0; 0 | Select; 100000; 2.5 | Elite; 400000; 5"
_QUESTIONS = (
    _Question("vendor", "Your company's name, as partners know it"),
    _Question("legal_name", "Its legal name", lambda said: said["vendor"]),
    _Question("domain", "The mail domain that partners write to, such as acme.example"),
    _Question("country", "Your country (two letters), whose holidays are kept", read=str.upper),
    _Question("currency", "The program's currency", lambda said: _of(said).own_currency(), str.upper),
    _Question("other_currencies", "Other currencies you sell in, parted by commas (- for none)", lambda _: "-", _codes),
    _Question("time_zone", "Your time zone", lambda said: _of(said).own_time_zone()),
    _Question("finance_address", "Who gets every statement and invoice", lambda said: f"finance@{said['domain']}"),
    _Question("manager_name", "The partner manager's name"),
    _Question("manager_email", "The partner manager's mail address"),
    _Question("types", f"Types of partners, parted by commas: {', '.join(PartnerType)}", lambda _: "referral", _words),
    _Question(
        "products",
        "Products as name; subscription or one_off; list price, with | between two",
        read=_rows("name", "billing", "list_price"),
    ),
    _Question(
        "tiers",
        "Tiers from the lowest, as name; revenue of a year; points added, with | between two",
        lambda _: _TIERS,
        _rows("name", "revenue", "added_points"),
    ),
    _Question(
        "referral_percent", "Referral: percent of the first year", _set("referral_percent"), _number,
        _has(PartnerType.REFERRAL),
    ),
    _Question(
        "reseller_percent", "Resellers: margin in percent of the first band", _set("reseller_percent"), _number,
        _has(PartnerType.RESELLER, PartnerType.DISTRIBUTOR),
    ),
    _Question(
        "services_percent", "Services: percent of the work", _set("services_percent"), _number,
        _has(PartnerType.SERVICES),
    ),
    _Question("influenced_percent", "Percent on influenced deals", _set("influenced_percent"), _number),
    _Question("decision_business_days", "A registration is decided within (business days)",
              _set("decision_business_days"), _count),
    _Question("protection_days", "An accepted one is protected for (days)", _set("protection_days"), _count),
    _Question("clawback_days", "A refund takes commission back within (days)", _set("clawback_days"), _count),
    _Question("statement_day", "Statements on day of the month (1 to 28)", _set("statement_day"), _count),
    _Question("payment_days", "Paid after approval of the invoice (days)", _set("payment_days"), _count),
    _Question("dispute_days", "A statement can be disputed for (days)", _set("dispute_days"), _count),
    _Question("minimum_payout", "Smaller sums are carried over", _set("minimum_payout"), _number),
)  # fmt: skip
