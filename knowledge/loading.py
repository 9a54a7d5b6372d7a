"""Reads a program folder into a `Program`, and reports everything that is wrong with it in one error."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from knowledge.agreement import disagreements, version_faults
from knowledge.brand_file import read_brand
from knowledge.building import build_program
from knowledge.errors import ProgramError
from knowledge.faults import table_faults
from knowledge.nearest import meant
from knowledge.pages import read_pages
from knowledge.program import Program
from knowledge.program_file import (
    CalendarTable,
    CommissionTable,
    DealRulesTable,
    LeadRulesTable,
    ManagerTable,
    PartnerTypeTable,
    PlanTable,
    ProductTable,
    RewardTable,
    StatementsTable,
    TierRulesTable,
    TierTable,
    TrainingTable,
    VendorTable,
    VersionTable,
)
from knowledge.programs import Programs
from knowledge.text_files import TextCheck, any_text, misnamed, read_texts
from knowledge.toml_file import TomlFile, read_toml

FILE = "program.toml"
VERSIONS = "versions"
_LARGEST = 1_000_000  # bytes

Tables = dict[str, Any]

_SHAPES: Mapping[str, TypeAdapter[Any]] = {
    "program": TypeAdapter(VersionTable),
    "vendor": TypeAdapter(VendorTable),
    "calendar": TypeAdapter(CalendarTable),
    "partner_types": TypeAdapter(tuple[PartnerTypeTable, ...]),
    "managers": TypeAdapter(tuple[ManagerTable, ...]),
    "products": TypeAdapter(tuple[ProductTable, ...]),
    "tiers": TypeAdapter(tuple[TierTable, ...]),
    "tier_rules": TypeAdapter(TierRulesTable),
    "deal_rules": TypeAdapter(DealRulesTable),
    "lead_rules": TypeAdapter(LeadRulesTable),
    "plans": TypeAdapter(tuple[PlanTable, ...]),
    "commission": TypeAdapter(CommissionTable),
    "rewards": TypeAdapter(tuple[RewardTable, ...]),
    "statements": TypeAdapter(StatementsTable),
    "training": TypeAdapter(TrainingTable),
}
_MAY_LACK: Mapping[str, Any] = {
    "program": VersionTable(),
    "calendar": CalendarTable(),
    "partner_types": (),
    "rewards": (),
    "lead_rules": LeadRulesTable(),
}


def load_programs(folder: Path, texts: TextCheck = any_text) -> Programs:
    """Every version of the program in `folder`: program.toml and versions/*.toml, each a whole program, with the
    brand, pages and texts that they share. `texts` says what is wrong with texts of the vendor's own.

    Raises `ProgramError` with every fault of every file.
    """
    faults: list[str] = []
    others = sorted((folder / VERSIONS).glob("*.toml"))
    faults += misnamed(folder, VERSIONS, (".toml",))
    read = [_version(path, folder, faults) for path in (folder / FILE, *others)]
    faults += version_faults(read)
    sections = read_pages(folder / "pages", faults)
    brand = read_brand(folder, faults)
    own = read_texts(folder / "texts", texts, faults)
    if faults:
        raise ProgramError(tuple(faults))
    built = [build_program(tables, sections, brand, own) for _, tables in read]
    return Programs(tuple(sorted(built, key=lambda program: program.valid_from or date.min)))


def load_program(folder: Path, day: date = date.max) -> Program:
    """The version that holds on that day, else the latest; for what has no use for the others."""
    return load_programs(folder).on(day)


def _version(path: Path, folder: Path, faults: list[str]) -> tuple[TomlFile, Tables]:
    name = path.relative_to(folder).as_posix()
    file = read_toml(path, name, _LARGEST, faults)
    if file is None:
        return TomlFile(name), {}
    found: list[str] = []
    tables = _tables(file, found)
    found += disagreements(tables)
    faults += file.told(found)
    return file, tables


def _tables(file: TomlFile, faults: list[str]) -> Tables:
    """Each table by itself, so that a fault in one hides none in another."""
    faults += (
        f"{name[:60]}: there is no such table; {meant(name, _SHAPES)}" for name in file.raw if name not in _SHAPES
    )
    tables: Tables = {}
    for name, shape in _SHAPES.items():
        if name not in file.raw:
            if name in _MAY_LACK:
                tables[name] = _MAY_LACK[name]
            elif name not in file.broken:
                faults.append(f"{name}: the table is missing")
            continue
        try:
            tables[name] = shape.validate_python(file.raw[name])
        except ValidationError as error:
            faults += table_faults(error, name)
    return tables
