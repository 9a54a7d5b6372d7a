"""What a contact may do in the name of its partner: without the right a friendly no, and who there has it."""

from __future__ import annotations

from bot.vocabulary.decisions import Decision, Outcome, Value
from bot.vocabulary.facts import Facts
from crm.records import ContactRight

NO_RIGHT = "no_right"
"""The word for the records where somebody lacked the right: nothing is settled by that."""


def refused(right: ContactRight, facts: Facts) -> Decision | None:
    """The no to whoever lacks the right, which does and tells nothing else; None where the sender has it."""
    if facts.may(right):
        return None
    values: dict[str, Value] = {"partner": facts.partner.name}
    return Decision((), (Outcome(f"rights.{right.value}", values), _who_may(facts, values)), NO_RIGHT)


def statements_refused(facts: Facts) -> Decision | None:
    """The same for statements and what is paid on them: the partner's finance contact may always see those."""
    finance = facts.partner.finance_contact_id
    if finance and facts.contact is not None and facts.contact.id == finance:
        return None
    return refused(ContactRight.SEE_COMMISSION, facts)


def _who_may(facts: Facts, values: dict[str, Value]) -> Outcome:
    """The main contact, by name; where the partner has none, whoever of the vendor looks after it."""
    main = next((c for c in facts.colleagues if c.main and c.active and c.name), None)
    if main is not None:
        return Outcome("rights.ask_main", values | {"main": main.name})
    if facts.manager is not None:
        return Outcome("rights.ask_manager", values | {"manager": facts.manager.name})
    return Outcome("rights.ask_team", values)
