"""A program folder is read whole or not at all, and everything wrong with it is told at once."""

import re
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from config.settings import SAMPLE_PROGRAM
from crm.money import Money
from crm.records import PartnerType
from knowledge.errors import ProgramError
from knowledge.loading import load_program, load_programs

Edit = Callable[..., Path]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """A copy of the sample program with pieces of its text replaced."""

    def make(*replacements: tuple[str, str]) -> Path:
        folder = tmp_path / "program"
        shutil.copytree(SAMPLE_PROGRAM, folder)
        text = (folder / "program.toml").read_text()
        for old, new in replacements:
            assert old in text, old
            text = text.replace(old, new, 1)
        (folder / "program.toml").write_text(text)
        return folder

    return make


def faults(folder: Path) -> tuple[str, ...]:
    with pytest.raises(ProgramError) as caught:
        load_program(folder)
    return caught.value.faults


def _chain(above: str, *approvers: str) -> str:
    addresses = ", ".join(f'"{name}@lumora.example"' for name in approvers)
    return f'chains = [{{ above = "{above}", approvers = [{addresses}] }}]'


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('from = "EUR 50000"', 'from = "EUR 60000"', "gap between 50000 and 60000"),
        ('from = "EUR 50000"', 'from = "EUR 40000"', "overlap between 50000 and 40000"),
        ('from = "EUR 0"', 'from = "EUR 1"', "first band must start at 0"),
        ('{ from = "EUR 150000", percent', '{ from = "EUR 150000", to = "EUR 900000", percent', "last band"),
        ('"Lumora Assist" = 3', '"Lumora Asist" = 3', "no product 'Lumora Asist'"),
        ('products = ["Onboarding Package"]', 'products = ["Kickoff"]', "no product 'Kickoff'"),
        ('list_price = "EUR 24"', 'list_price = "EUR"', "products[0].list_price: write a sum with its currency"),
        ('list_price = "EUR 24"', 'list_price = "XQZ 24"', "'XQZ' is not a currency"),
        ('list_price = "EUR 24"', 'list_price = "JPY 24"', "JPY is not among vendor.currencies"),
        ('list_price = "EUR 24"', 'list_price = "EUR -24"', "cannot be negative"),
        ('list_price = "EUR 24"', 'list_price = "EUR NaN"', "write a sum"),
        ('list_price = "EUR 24"', 'list_price = "EUR 1e999"', "at most 15 digits"),
        ('list_price = "EUR 24"', "list_price = 24", "write a sum"),
        (
            'flat = "EUR 300"',
            'flat = "USD 300"',
            "plans[0].elements[0].flat_under.flat: it must be in the program's own currency",
        ),
        ('currency = "EUR"', 'currency = "SEK"', "SEK is not among vendor.currencies"),
        ('"GBP", "CHF"]', '"GBP", "ZZZ"]', "ZZZ is not an ISO 4217 currency"),
        ('time_zone = "Europe/Brussels"', 'time_zone = "Europe/Bruges"', "no time zone 'Europe/Bruges'"),
        ('holidays = "BE"', 'holidays = "QQ"', "no calendar for 'QQ'"),
        ('rule = "by_year"', 'rule = "by_yeer"', "there is no rate rule 'by_yeer'"),
        ('id = "growth-2026"', 'id = "referral-2026"', "'referral-2026' stands twice"),
        ("percent = 15 }\nflat_under", "percent = 150 }\nflat_under", "plans[0].elements[0].rate.percent"),
        ("percent = 15 }\nflat_under", "percent = true }\nflat_under", "write a number"),
        ('name = "csat", percent = 60', 'name = "csat", percent = 50', "must make 100"),
        ('name = "csat", percent = 60', 'name = "go_live", percent = 60', "two parts have one name"),
        ('"recurring"] }\nbase', '"recuring"] }\nbase', "plans[0].elements[0].trigger.kinds[0]"),
        ('base = { rule = "first_year_arr" }', 'base = { rule = "deal_amount" }', "flat_under needs"),
        ('base = { rule = "first_year_arr" }', "base = 3", "write base as a table that names its rule"),
        ('name = "renewal"\n', 'name = "work"\n', "plans[2].elements[1].name: 'work' stands twice"),
        ('series = "partner_quarter"', 'series = "deal"', "an accelerator needs the series partner_quarter"),
        ('on = "meeting"', 'on = "go_live"', "rewards[0].on"),
        ("clawback_days = 90", 'clawback_days = 90\ntier_on = "wonn"', "commission.tier_on"),
        (
            'additions = [{ rule = "tier_points" }]',
            'additions = [{ rule = "tier_rates", percents = { Gold = 20 } }]',
            "no tier 'Gold'",
        ),
        ("protection_days = 90", "protection_days = 0", "deal_rules.protection_days"),
        ("protection_days = 90", "protection_day = 90", "deal_rules.protection_day"),
        ("held_at_most = 20", "held_at_most = -1", "deal_rules.held_at_most"),
        ('"contact_email", "amount"', '"contact_mail", "amount"', "no field 'contact_mail'"),
        ('revenue = "EUR 400000"', 'revenue = "EUR 40000"', "Elite asks for less revenue than Select"),
        ('en = ["deal registration"', 'it = ["deal registration"', "English benefits are missing"),
        ('"Insights", "analytics add-on"', '"Core", "analytics add-on"', "'core' names two products"),
        ('needs = "Technical Professional"', 'needs = "Technical Pro"', "no course 'Technical Pro'"),
        ('email = "jonas@lumora.example"', 'email = "noor@lumora.example"', "stands twice"),
        ('email = "jonas@lumora.example"', 'email = "jonas"', "managers[1].email"),
        *(
            ("refusals_per_day = 5", f"refusals_per_day = 5\n{new}", told)
            for new, told in (
                ('minimum = "USD 5000"', "deal_rules.minimum: it must be in the program's own currency, EUR"),
                ('automatic = [{ up_to = "JPY 1" }]', "deal_rules.automatic[0].up_to: JPY is not among"),
                ('automatic = [{ tiers = ["Elit"] }]', "no tier 'Elit'; did you mean 'Elite'?"),
                ('automatic = [{ products = ["Core"] }]', "no product 'Core'; "),
                ('automatic = [{ regions = ["DCAH"] }]', "no manager has the region 'DCAH'; did you mean 'DACH'?"),
                ('automatic = [{ types = ["resellr"] }]', "deal_rules.automatic[0].types"),
                (_chain("USD 1", "noor"), "deal_rules.chains[0].above: it must be in the program's own currency"),
                (_chain("EUR 1", "nobody"), "nobody@lumora.example is no manager; "),
                (_chain("EUR 1", "noor", "noor"), "deal_rules.chains[0].approvers: somebody stands there twice"),
            )
        ),
        ('order = ["region", "tier"', 'order = ["regoin", "tier"', "lead_rules.order"),
        ('order = ["region", "tier", "round_robin"]\ntiers = ["Elite"]', 'tiers = ["Gold"]', "no tier 'Gold'"),
        ('type = "reseller"', 'type = "referral"', "partner_types[1].type: referral stands twice"),
        ('type = "reseller"', 'type = "reselling"', "'reselling' is not known here; did you mean 'reseller'?"),
        ('type = "services"', 'type = "services"\ndefault = 1', "partner_types[2].default: there is no such key"),
        ('default_plan = "services-2026"', 'default_plan = "service-2026"', "did you mean 'services-2026'?"),
        (
            'default_plan = "services-2026"',
            'default_plan = "growth-2026"',
            "'growth-2026' is not for services partners",
        ),
        ('labels = { en = "reseller", ', "labels = { ", "partner_types[1].labels.en: the English name is missing"),
        ('nl = "wederverkoper"', 'nederlands = "wederverkoper"', "name a language of two letters"),
        ('types = ["services"]', 'types = ["services", "distributor", "x"]', "'x' is not known here"),
        ("fiscal_year_starts = 1", "fiscal_year_starts = 13", "calendar.fiscal_year_starts: 13 is too much"),
        ("closed_each_year = []", 'closed_each_year = ["24-12"]', "calendar.closed_each_year[0]: write a day of every"),
        ("closed_on = []", 'closed_on = ["soon"]', "calendar.closed_on[0]: write a day without quotation marks"),
        ('version = "2026.1"\nvalid_from', 'version = "2026.1"\nvalid', "program.valid: there is no such key"),
        ("[training]", "[trainings]", "trainings: there is no such table"),
        ("[statements]", "[statements", "not valid TOML"),
    ],
)
def test_a_fault_is_told_with_its_file_line_and_key(edited: Edit, old: str, new: str, told: str) -> None:
    folder = edited((old, new))
    before, _, _ = (SAMPLE_PROGRAM / "program.toml").read_text().partition(old)
    place = before.count("\n") + 1
    found = [re.fullmatch(r"program\.toml(?::(?P<line>\d+))?: .*", fault) for fault in faults(folder)]
    lines = [int(fault["line"]) for fault in found if fault and fault["line"] and told in fault[0]]
    assert all(found)
    assert lines, found
    assert min(abs(line - place) for line in lines) <= 12, (place, found)  # the key, or the table around it


def test_faults_of_every_kind_are_told_together(edited: Edit) -> None:
    folder = edited(
        ('from = "EUR 50000"', 'from = "EUR 60000"'),
        ('list_price = "EUR 24"', 'list_price = "24"'),
        ('holidays = "BE"', 'holidays = "QQ"'),
    )
    (folder / "pages/en/tiers.md").write_text("no title")
    told = "\n".join(faults(folder))
    assert all(word in told for word in ("gap between", "list_price", "vendor.holidays", "pages/en/tiers.md"))


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("pages/en/x.md", "no title", ":1: the first line must be the page's title"),
        ("pages/en/x.md", "# T\n\n## No anchor\ntext", ":3: the heading '## No anchor' needs an anchor"),
        ("pages/en/x.md", "\n# T\n\n## A {#a}\ntext\n\n## B {#a}\ntext", ":7: the anchor 'a' stands twice, in line 4"),
        ("pages/en/x.md", "# T\n\n## A {#a}\n\n## B {#b}\nx", ":3: the section 'a' is empty"),
        ("pages/english/x.md", "# T\n\n## A {#a}\ntext", "two letters"),
    ],
)
def test_a_faulty_page_is_told(edited: Edit, name: str, content: str, told: str) -> None:
    folder = edited()
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(content)
    assert any(fault.startswith(name) and told in fault for fault in faults(folder))


def test_a_page_that_is_no_text_is_told(edited: Edit) -> None:
    folder = edited()
    (folder / "pages/en/x.md").write_bytes(b"\xff\xfe\x00")
    assert any("UTF-8" in fault for fault in faults(folder))


def test_a_language_may_lack_a_page_but_english_must_be_there(edited: Edit) -> None:
    folder = edited()
    shutil.rmtree(folder / "pages/de")
    assert load_program(folder).sections
    shutil.rmtree(folder / "pages/en")
    assert any(fault.startswith("pages/en") for fault in faults(folder))


def test_a_missing_folder_and_a_huge_file_are_faults(tmp_path: Path) -> None:
    assert any("cannot be read" in fault for fault in faults(tmp_path / "none"))
    (tmp_path / "program.toml").write_bytes(b"#" * 1_000_001)
    assert any("larger than" in fault for fault in faults(tmp_path))
    (tmp_path / "program.toml").write_bytes(b"\xff")
    assert any("UTF-8" in fault for fault in faults(tmp_path))
    (tmp_path / "program.toml").write_text("")
    assert len([fault for fault in faults(tmp_path) if "table is missing" in fault]) == 10


def test_numbers_are_exact(edited: Edit) -> None:
    program = load_program(edited(('list_price = "EUR 24"', 'list_price = "EUR 24.10"')))
    assert program.products[0].list_price == Money(Decimal("24.10"), "EUR")
    assert program.tiers[1].csat == Decimal("4.0")


def test_a_manager_who_decides_nothing_is_no_approver(edited: Edit) -> None:
    folder = edited(
        ('email = "noor@lumora.example"', 'email = "noor@lumora.example"\napproves = false'),
        ("refusals_per_day = 5", f"refusals_per_day = 5\n{_chain('EUR 250000', 'noor')}"),
    )
    assert any("noor@lumora.example decides no registrations" in fault for fault in faults(folder))


def test_rules_and_chains_of_deals_are_read(edited: Edit) -> None:
    rule = 'automatic = [{ tiers = ["elite"], regions = ["Benelux"], up_to = "EUR 10000" }]'
    program = load_program(
        edited(("refusals_per_day = 5", f"refusals_per_day = 5\n{rule}\n{_chain('EUR 250000', 'jonas', 'noor')}"))
    )
    (automatic,), (chain,) = program.deal_rules.automatic, program.deal_rules.chains
    assert automatic.up_to == Money(Decimal(10_000), "EUR")
    assert chain.approvers == ("jonas@lumora.example", "noor@lumora.example")


def _version(folder: Path, name: str, version: str, since: str, *replacements: tuple[str, str]) -> None:
    """A further version of the sample, from that day on."""
    text = (SAMPLE_PROGRAM / "program.toml").read_text()
    told = f'version = "{version}"\nvalid_from = {since}' if since else f'version = "{version}"'
    for old, new in (('version = "2026.1"\nvalid_from = 2026-01-01', told), *replacements):
        assert old in text, old
        text = text.replace(old, new, 1)
    (folder / "versions").mkdir(exist_ok=True)
    (folder / "versions" / name).write_text(text)


def test_each_version_holds_from_its_day_until_the_next(edited: Edit) -> None:
    folder = edited()
    _version(folder, "b.toml", "2027.1", "2027-01-01", ("protection_days = 90", "protection_days = 120"))
    _version(folder, "a.toml", "2027.2", "2027-07-01", ("protection_days = 90", "protection_days = 60"))
    programs = load_programs(folder)
    days = (date(2025, 5, 1), date(2026, 12, 31), date(2027, 1, 1), date(2027, 6, 30), date(2027, 7, 1))
    assert [programs.on(day).deal_rules.protection_days for day in days] == [90, 90, 120, 120, 60]
    assert len({program.sections for program in programs.versions}) == 1


def test_a_version_begins_at_midnight_where_the_vendor_is(edited: Edit) -> None:
    folder = edited()
    _version(folder, "b.toml", "2027.1", "2027-01-01")
    programs = load_programs(folder)
    assert programs.at(datetime(2026, 12, 31, 22, 59, tzinfo=UTC)).version == "2026.1"
    assert programs.at(datetime(2026, 12, 31, 23, 0, tzinfo=UTC)).version == "2027.1"


@pytest.mark.parametrize(
    ("version", "since", "told"),
    [
        ("2027.1", "", "program.valid_from: say from which day"),
        ("2027.1", "2026-01-01", "program.toml begins on that day, too"),
        ("2026.1", "2027-01-01", "program.toml is '2026.1' already"),
        ("", "2027-01-01", "names each"),
    ],
)
def test_versions_that_contradict_each_other_are_told(edited: Edit, version: str, since: str, told: str) -> None:
    folder = edited()
    _version(folder, "b.toml", version, since)
    assert any(re.match(r"versions/b\.toml:\d+: program\.", fault) and told in fault for fault in faults(folder))


@pytest.mark.parametrize("name", ["versions/2027.tml", "versions/2027", "texts/de.txt", "texts/de"])
def test_a_file_that_would_be_passed_over_is_told(edited: Edit, name: str) -> None:
    folder = edited()
    (folder / name).parent.mkdir()
    (folder / name).write_text("")
    (folder / name).with_name("README.md").write_text("ours")
    (folder / name).with_name(".keep").write_text("")
    assert faults(folder) == (f"{name}: only files that end in .toml are read here; name it so, or put it elsewhere",)


def test_a_fault_of_a_version_is_told_with_its_file(edited: Edit) -> None:
    folder = edited(('list_price = "EUR 24"', 'list_price = "24"'))
    _version(folder, "b.toml", "2027.1", "2027-01-01", ("protection_days = 90", "protection_days = 0"))
    found = faults(folder)
    assert len(found) == 2
    assert re.match(r"program\.toml:\d+: products\[0\]\.list_price: ", found[0])
    assert re.match(r"versions/b\.toml:\d+: deal_rules\.protection_days: ", found[1])


def test_a_program_without_partner_types_has_its_plans_defaults(edited: Edit) -> None:
    folder = edited()
    path = folder / "program.toml"
    text = re.sub(r"\[\[partner_types\]\]\n(?:.+\n)+\n", "", path.read_text())
    path.write_text(text)
    program = load_program(folder)
    assert program.partner_types == ()
    default = [plan.id for plan in program.plans if program.applies_by_itself(plan, PartnerType.REFERRAL)]
    assert default == ["referral-2026"]
    path.write_text(text.replace("default = false", "default = true", 1))
    assert any(re.match(r"program\.toml:\d+: plans\[3\]\.default: referral has two default", f) for f in faults(folder))


def test_the_plan_that_a_partner_type_names_applies_before_the_plans_own_word(edited: Edit) -> None:
    program = load_program(edited(('default_plan = "referral-2026"', 'default_plan = "growth-2026"')))
    default = [plan.id for plan in program.plans if program.applies_by_itself(plan, PartnerType.REFERRAL)]
    assert default == ["growth-2026"]


def test_days_of_every_year_and_the_vendors_address_are_read(edited: Edit) -> None:
    vendor = load_program(edited(("closed_each_year = []", 'closed_each_year = ["12-24", "02-29"]'))).vendor
    assert vendor.calendar.closed_each_year == ((12, 24), (2, 29))
    assert vendor.address.splitlines() == ["Zuidkade 14", "2000 Antwerp", "Belgium"]
    assert vendor.tax_note["de"].startswith("Die Beträge")
