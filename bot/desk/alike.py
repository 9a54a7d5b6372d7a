"""Customers that may be the same although their keys differ: shown to managers, never a reason by themselves.

Names and domains are compared as they look, so that a letter of another alphabet or a figure in a letter's place hides
nothing.
"""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import fuzz

from bot.vocabulary.company_names import company_key, name_key
from bot.vocabulary.web_domains import in_letters, registrable, web_domain
from crm.records import Lead, Registration

_ALIKE = 90  # of 100: one letter mistyped in a name of ten
_TELLING = 3  # letters: a shorter label of a domain says nothing
_BEGINNING = 4  # letters: a shorter first part of a name is anybody's
_READ = 253  # characters of a name or a domain: the CRM may hold any number
_REMEMBERED = 8_192  # each registration is compared with everything that stands

# What looks like a Latin letter, or is written for one: Cyrillic, Greek, Armenian, small capitals, figures.
_LIKE = str.maketrans(
    {
        **dict(zip("абвеёзкмнорстухіјѕԁһԛԝгь", "abbeeekmhopctyxijsdhqwrb", strict=True)),
        **dict(zip("αβγδεηικνορτυχωςσ", "abydenikvoptuxwcc", strict=True)),
        **dict(zip("աօսոհցզ", "wounhgq", strict=True)),
        **dict(zip("ᴀʙᴄᴅᴇɢʜɪᴊᴋʟᴍɴᴏᴘʀᴛᴜᴠᴡʏᴢɡɑɩ", "abcdeghijklmnoprtuvwyzgai", strict=True)),
        **dict(zip("01358", "olesb", strict=True)),
        "i": "l",
        "ⅼ": "l",
        "ı": "l",
        "ӏ": "l",
    }
)


def resembles(wanted: Registration, customer: str, domain: str, country: str) -> bool:
    """Whether a customer (`country` ISO 3166, "" where unknown) has another key, but a name or a domain that looks like
    the wanted one, or that only goes on where the other one ends.
    """
    ours = _company(wanted.customer_domain, wanted.customer, wanted.customer_country)
    return ours != _company(domain, customer, country) and _is_near(wanted, customer, domain)


def may_come_from(wanted: Registration, lead: Lead) -> bool:
    """Whether the customer may be the one of a lead, whose domain is often not known."""
    own = registrable(web_domain(wanted.customer_domain))
    return bool(own and own == registrable(web_domain(lead.customer_domain))) or _is_near(
        wanted, lead.customer, lead.customer_domain
    )


def _is_near(wanted: Registration, customer: str, domain: str) -> bool:
    ours, theirs = _said(wanted.customer, wanted.customer_domain), _said(customer, domain)
    return any(_near(one, another) for one in ours for another in theirs)


def _said(customer: str, domain: str) -> list[tuple[str, ...]]:
    """The name and the label of the domain, each in words; what is not known is left out."""
    return [words for words in (_name(customer[:_READ]), _label(domain[:_READ])) if words]


def _near(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Two names in words: nearly the same letters, or one the beginning of the other."""
    ours, theirs = "".join(one), "".join(other)
    if ours == theirs or fuzz.ratio(ours, theirs) >= _ALIKE:
        return True
    shorter, longer = sorted((one, other), key=len)
    return len("".join(shorter)) >= _BEGINNING and longer[: len(shorter)] == shorter


@lru_cache(_REMEMBERED)
def _company(domain: str, name: str, country: str) -> str:
    return company_key(domain, name, country)


@lru_cache(_REMEMBERED)
def _name(said: str) -> tuple[str, ...]:
    return _as_seen(name_key(said)) if said else ()


@lru_cache(_REMEMBERED)
def _label(domain: str) -> tuple[str, ...]:
    """The words of a domain's own label ("globex", "emea" of "globex-emea.example")."""
    label = in_letters(registrable(web_domain(domain))).partition(".")[0]
    return _as_seen(name_key(label.replace("-", " "))) if len(label) >= _TELLING else ()


def _as_seen(words: str) -> tuple[str, ...]:
    """By their shapes: "l", "i" and "1" are one, and so are "rn" and "m"."""
    return tuple(words.translate(_LIKE).replace("rn", "m").replace("vv", "w").split())
