"""A program folder of one's own: answers to a few questions, put into commented files that a check finds right."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from string import Template
from typing import Annotated, Literal
from zoneinfo import available_timezones

from babel.core import get_global
from babel.numbers import get_territory_currencies, is_currency
from pydantic import AfterValidator, Field, StringConstraints

from config.settings import START
from crm.records import PartnerType
from knowledge.business_days import has_calendar
from knowledge.program_file import Address, Days, Name
from knowledge.values import Checked, Count, Number, Percent

_LABELS: Mapping[PartnerType, Mapping[str, str]] = {
    PartnerType.REFERRAL: {
        "en": "referral partner", "de": "Empfehlungspartner", "fr": "apporteur d'affaires", "nl": "verwijspartner",
        "es": "partner de referidos",
    },
    PartnerType.RESELLER: {
        "en": "reseller", "de": "Wiederverkäufer", "fr": "revendeur", "nl": "wederverkoper", "es": "revendedor",
    },
    PartnerType.SERVICES: {
        "en": "services partner", "de": "Dienstleistungspartner", "fr": "partenaire de services",
        "nl": "dienstenpartner", "es": "partner de servicios",
    },
    PartnerType.DISTRIBUTOR: {
        "en": "distributor", "de": "Distributor", "fr": "distributeur", "nl": "distributeur", "es": "distribuidor",
    },
}  # fmt: skip
_PLANS = (("referral", (PartnerType.REFERRAL,)), ("reseller", (PartnerType.RESELLER, PartnerType.DISTRIBUTOR)),
          ("services", (PartnerType.SERVICES,)))  # fmt: skip


def _country(code: str) -> str:
    if not has_calendar(code):
        raise ValueError(f"there is no calendar of holidays for {code[:20]!r}; use an ISO country such as BE")
    return code


def _zone(name: str) -> str:
    if name and name not in available_timezones():
        raise ValueError(f"there is no time zone {name[:40]!r}; use a name such as Europe/Brussels")
    return name


def _currency(code: str) -> str:
    if not is_currency(code):
        raise ValueError(f"{code[:20]!r} is not a currency; use an ISO 4217 code such as EUR")
    return code


_Country = Annotated[str, AfterValidator(_country)]
_Currency = Annotated[str, AfterValidator(_currency)]
_Zone = Annotated[str, AfterValidator(_zone)]
_Domain = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+(\.[a-z0-9-]+)+$", to_lower=True)]


class ProductAnswer(Checked):
    name: Name
    billing: Literal["subscription", "one_off"] = "subscription"
    list_price: Number


class TierAnswer(Checked):
    """`revenue` is of four quarters, in the program's currency."""

    name: Name
    revenue: Number = Decimal(0)
    added_points: Percent = Decimal(0)


class Answers(Checked):
    """What is asked; only the first five have no default. "" and None stand for what follows from the others."""

    vendor: Name
    domain: _Domain
    country: _Country
    manager_name: Name
    manager_email: Address
    legal_name: str = ""
    currency: _Currency | None = None
    other_currencies: tuple[_Currency, ...] = ()
    time_zone: _Zone = ""
    address: str = ""
    vat_id: str = ""
    finance_address: Address | None = None
    fiscal_year_starts: Annotated[Count, Field(ge=1, le=12)] = 1
    types: Annotated[tuple[PartnerType, ...], Field(min_length=1)] = (PartnerType.REFERRAL,)
    products: Annotated[tuple[ProductAnswer, ...], Field(min_length=1)] = (
        ProductAnswer(name="Our product", list_price=Decimal(20)),
    )
    tiers: Annotated[tuple[TierAnswer, ...], Field(min_length=1)] = (
        TierAnswer(name="Registered"),
        TierAnswer(name="Select", revenue=Decimal(100_000), added_points=Decimal("2.5")),
        TierAnswer(name="Elite", revenue=Decimal(400_000), added_points=Decimal(5)),
    )
    referral_percent: Percent = Decimal(15)
    reseller_percent: Annotated[Percent, Field(le=90)] = Decimal(15)
    services_percent: Percent = Decimal(12)
    influenced_percent: Percent = Decimal(5)
    decision_business_days: Annotated[Days, Field(ge=1)] = 2
    protection_days: Annotated[Days, Field(ge=1)] = 90
    clawback_days: Days = 90
    statement_day: Annotated[Count, Field(ge=1, le=28)] = 5
    payment_days: Days = 30
    dispute_days: Days = 30
    minimum_payout: Number = Decimal(50)

    def own_currency(self) -> str:
        """As answered, else the country's."""
        return self.currency or next(iter(get_territory_currencies(self.country)), "EUR")

    def own_time_zone(self) -> str:
        """As answered, else the first of the country's."""
        return self.time_zone or next(iter(get_global("territory_zones").get(self.country, ())), "UTC")


def program_files(answers: Answers, today: date) -> dict[str, str]:
    """The text of each file by its path in the folder."""
    values = dict(_values(answers, today))
    pages = {f"pages/en/{page.name}": page for page in sorted((START / "pages").glob("*.md"))}
    whole = values | {"plans": "\n".join(_plans(answers, values))}
    return {
        "program.toml": _filled(START / "program.toml", whole),
        "brand.toml": _filled(START / "brand.toml", values),
        "texts/en.toml": (START / "texts.toml").read_text(encoding="utf-8"),
        **{path: _filled(page, values) for path, page in pages.items()},
    }


def free(folder: Path) -> bool:
    """Whether a program may be written there."""
    return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))


def write_program(folder: Path, files: Mapping[str, str]) -> None:
    """Into a folder that is new or empty. Raises FileExistsError for another, and OSError."""
    if not free(folder):
        raise FileExistsError(f"{folder} is there already, and nothing is ever overwritten")
    for path, text in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        with place.open("x", encoding="utf-8") as stream:
            stream.write(text)


def _filled(template: Path, values: Mapping[str, str]) -> str:
    return Template(template.read_text(encoding="utf-8")).substitute(values)


def _values(answers: Answers, today: date) -> Iterator[tuple[str, str]]:
    """Each value as TOML writes it; those in plain text end in `_plain`."""
    currency = answers.own_currency()
    currencies = tuple(dict.fromkeys((currency, *answers.other_currencies)))
    yield from _addresses(answers)
    yield from (
        ("name_plain", _on_one_line(answers.vendor)), ("name", _quoted(answers.vendor)),
        ("legal_name", _quoted(answers.legal_name or answers.vendor)),
        ("sender", _quoted(f"{answers.vendor} partner team")),
        ("footer", _quoted(", ".join((answers.legal_name or answers.vendor, *answers.address.splitlines())))),
        ("currency", currency), ("currency_quoted", _quoted(currency)), ("currencies", _list(currencies)),
        ("time_zone", _quoted(answers.own_time_zone())), ("country", _quoted(answers.country)),
        ("address", _quoted(answers.address)), ("vat_id", _quoted(answers.vat_id)),
        ("version", _quoted(f"{today.year}.1")), ("since", today.isoformat()), ("next_year", str(today.year + 1)),
        ("manager_name", _quoted(answers.manager_name)), ("manager_email", _quoted(answers.manager_email)),
        ("partner_types", "\n".join(_types(answers))), ("products", "\n".join(_products(answers, currency))),
        ("tiers", "\n".join(_tiers(answers, currency))), ("top_tier", _quoted(answers.tiers[-1].name)),
        ("tier_list", ", ".join(tier.name for tier in answers.tiers)),
        ("minimum_payout", _sum(answers.minimum_payout, currency)),
    )  # fmt: skip
    for key in (
        "fiscal_year_starts", "decision_business_days", "protection_days", "influenced_percent", "clawback_days",
        "statement_day", "payment_days", "dispute_days",
    ):  # fmt: skip
        yield key, _number(getattr(answers, key))


def _addresses(answers: Answers) -> Iterator[tuple[str, str]]:
    local = {"agent": "partners", "deals": "deals", "invoices": "invoices", "announce": "announce"}
    for key, name in local.items():
        yield f"{key}_address", _quoted(f"{name}@{answers.domain}")
    yield "agent_plain", f"partners@{answers.domain}"
    yield "finance_address", _quoted(answers.finance_address or f"finance@{answers.domain}")


def _types(answers: Answers) -> Iterator[str]:
    yield "# The types of partners, with their names and the plan that applies where no other one is chosen."
    plan_of = {kind: plan for plan, kinds in _PLANS for kind in kinds}
    for kind in dict.fromkeys(answers.types):
        labels = ", ".join(f"{language} = {_quoted(label)}" for language, label in _LABELS[kind].items())
        plan = _quoted(plan_of[kind])
        yield f"[[partner_types]]\ntype = {_quoted(kind.value)}\ndefault_plan = {plan}\nlabels = {{ {labels} }}\n"


def _products(answers: Answers, currency: str) -> Iterator[str]:
    for row in answers.products:
        lines = (
            f"name = {_quoted(row.name)}", "aliases = []", f"billing = {_quoted(row.billing)}",
            f"list_price = {_sum(row.list_price, currency)}",
        )  # fmt: skip
        yield "\n".join(("[[products]]", *lines, ""))


def _tiers(answers: Answers, currency: str) -> Iterator[str]:
    below = ""
    for row in answers.tiers:
        benefits = [f"everything in {below}"] if below else ["deal registration"]
        lines = [f"name = {_quoted(row.name)}"]
        lines += [f"revenue = {_sum(row.revenue, currency)}"] if row.revenue else []
        lines += ["certified_people = 0", f"added_points = {_number(row.added_points)}"]
        yield "\n".join(("[[tiers]]", *lines, "[tiers.benefits]", f"en = {_list(benefits)}", ""))
        below = row.name


def _plans(answers: Answers, values: Mapping[str, str]) -> Iterator[str]:
    currency, steps = answers.own_currency(), (0, 5, 10)
    pieces = [row.name for row in answers.products if row.billing == "one_off"]
    more = {
        "referral_percent": _number(answers.referral_percent),
        "referral_flat": _sum(Decimal(300), currency),
        "referral_flat_under": _sum(Decimal(3000), currency),
        "reseller_types": _list([kind.value for kind in answers.types if kind in _PLANS[1][1]]),
        "services_percent": _number(answers.services_percent),
        "services_products": _list(pieces),
    }
    names = ("reseller_percent", "reseller_percent_2", "reseller_percent_3")
    more |= {name: _number(answers.reseller_percent + step) for name, step in zip(names, steps, strict=True)}
    for plan, kinds in _PLANS:
        if set(kinds) & set(answers.types):
            yield _filled(START / "plans" / f"{plan}.toml", {**values, **more})


def _quoted(text: str) -> str:
    """A TOML string; JSON escapes are TOML's, too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _on_one_line(text: str) -> str:
    return " ".join(text.split())


def _list(texts: Sequence[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def _number(value: int | Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _sum(value: Decimal, currency: str) -> str:
    return _quoted(f"{currency} {_number(value)}")
