"""What the rules for deals must agree on with the tables of managers, tiers and products."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from crm.money import Money
from knowledge.nearest import meant
from knowledge.program_file import ChainTable, DealRulesTable, LeadRulesTable

Tables = Mapping[str, Any]


def deal_disagreements(tables: Tables) -> Iterator[str]:
    """Every fault as `key: words`; a table that could not be read is left out."""
    rules: DealRulesTable | None = tables.get("deal_rules")
    if rules is not None:
        yield from _chains(rules.chains, tables)
        yield from _automatic(rules, tables)
    leads: LeadRulesTable | None = tables.get("lead_rules")
    if leads is not None:
        yield from _unknown("lead_rules.tiers", "tier", leads.tiers, _names(tables, "tiers"))


def deal_sums(tables: Tables) -> Iterator[tuple[str, Money]]:
    """The sums in the rules for deals, each with its key."""
    rules: DealRulesTable | None = tables.get("deal_rules")
    if rules is None:
        return
    if rules.minimum is not None:
        yield "deal_rules.minimum", rules.minimum
    for place, rule in enumerate(rules.automatic):
        if rule.up_to is not None:
            yield f"deal_rules.automatic[{place}].up_to", rule.up_to
    for place, chain in enumerate(rules.chains):
        yield f"deal_rules.chains[{place}].above", chain.above


def _chains(chains: tuple[ChainTable, ...], tables: Tables) -> Iterator[str]:
    managers = {row.email: row for row in tables.get("managers", ())}
    seen: set[Money] = set()
    for place, chain in enumerate(chains):
        key = f"deal_rules.chains[{place}]"
        if chain.above in seen:
            yield f"{key}.above: another chain begins at the same sum; put their approvers into one"
        seen.add(chain.above)
        if len(set(chain.approvers)) < len(chain.approvers):
            yield f"{key}.approvers: somebody stands there twice; each accepts once"
        for address in chain.approvers if managers else ():
            if address not in managers:
                yield f"{key}.approvers: {address} is no manager; {meant(address, managers)}"
            elif not managers[address].approves:
                yield f"{key}.approvers: {address} decides no registrations; set `approves = true` or name another"


def _automatic(rules: DealRulesTable, tables: Tables) -> Iterator[str]:
    regions = [region for row in tables.get("managers", ()) for region in row.regions]
    for place, rule in enumerate(rules.automatic):
        key = f"deal_rules.automatic[{place}]"
        yield from _unknown(f"{key}.tiers", "tier", rule.tiers, _names(tables, "tiers"))
        yield from _unknown(f"{key}.products", "product", rule.products, _names(tables, "products"), exactly=True)
        yield from _mistyped(f"{key}.regions", rule.regions, regions)


def _names(tables: Tables, table: str) -> list[str]:
    return [row.name for row in tables.get(table, ())]


def _unknown(key: str, what: str, said: Iterable[str], known: list[str], *, exactly: bool = False) -> Iterator[str]:
    """Tiers go in any case, products as they are written."""
    among = set(known) if exactly else {name.casefold() for name in known}
    for name in said if known else ():
        if (name if exactly else name.casefold()) not in among:
            yield f"{key}: no {what} {name!r}; {meant(name, known)}"


def _mistyped(key: str, said: Iterable[str], known: list[str]) -> Iterator[str]:
    """Partners may be in regions that no manager is set over, so only what is nearly a known one is a fault."""
    folded = {name.casefold(): name for name in known}
    for name in said:
        near = get_close_matches(name.casefold(), folded, n=1, cutoff=0.75)
        if near and near[0] != name.casefold():
            yield f"{key}: no manager has the region {name!r}; did you mean {folded[near[0]]!r}?"
