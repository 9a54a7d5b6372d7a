"""E-mail and web addresses, and the customer's domain that follows from them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.readers.builtin.mentions import Kind, Mention

FREE_HOSTS = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "hotmail.fr",
        "live.com",
        "msn.com",
        "yahoo.com",
        "yahoo.fr",
        "yahoo.es",
        "yahoo.de",
        "yahoo.co.uk",
        "ymail.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "gmx.de",
        "gmx.net",
        "gmx.at",
        "gmx.ch",
        "gmx.com",
        "web.de",
        "t-online.de",
        "freenet.de",
        "posteo.de",
        "mailbox.org",
        "proton.me",
        "protonmail.com",
        "orange.fr",
        "wanadoo.fr",
        "free.fr",
        "laposte.net",
        "sfr.fr",
        "bluewin.ch",
        "sunrise.ch",
        "telenet.be",
        "skynet.be",
        "proximus.be",
        "ziggo.nl",
        "kpnmail.nl",
        "planet.nl",
        "xs4all.nl",
        "home.nl",
        "hetnet.nl",
        "btinternet.com",
        "sky.com",
        "virginmedia.com",
        "telefonica.net",
        "movistar.es",
        "yandex.com",
        "mail.com",
        "zoho.com",
        "rediffmail.com",
        "freemail.example",
        "webmail.example",
        "gmail.example",
    ]
)
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
EMAIL = re.compile(rf"(?<![\w.+-])[\w.+'-]{{1,64}}@(?P<host>(?:{_LABEL}\.)+[^\W\d_]{{2,24}})(?![\w-])")
WEB = re.compile(
    rf"(?<![@\w.-])(?:https?://)?(?P<host>(?:{_LABEL}\.)+(?:[^\W\d_]{{2,24}}))(?![\w@-])(?:/[^\s<>|,)]*)?", re.I
)
_KNOWN_ENDINGS = frozenset(
    [
        "example",
        "test",
        "invalid",
        "com",
        "net",
        "org",
        "eu",
        "de",
        "at",
        "ch",
        "fr",
        "be",
        "nl",
        "es",
        "uk",
        "ie",
        "it",
        "lu",
        "li",
        "us",
        "ca",
        "au",
        "nz",
        "in",
        "io",
        "ai",
        "dev",
        "app",
        "co",
        "biz",
        "info",
        "pt",
        "pl",
        "cz",
        "dk",
        "se",
        "no",
        "fi",
        "hu",
        "ro",
        "hr",
        "si",
        "sk",
        "gr",
        "za",
        "ke",
        "ng",
        "gh",
        "ma",
        "tn",
        "sn",
        "ci",
        "mx",
        "ar",
        "cl",
        "pe",
        "ec",
        "uy",
        "br",
        "jp",
        "sg",
        "hk",
        "ae",
        "coop",
        "shop",
        "cloud",
        "tech",
        "online",
        "site",
        "swiss",
        "wien",
        "berlin",
        "brussels",
        "gent",
        "vlaanderen",
        "cat",
        "bzh",
        "paris",
        "london",
        "scot",
        "wales",
    ]
)


def find_emails(text: str) -> Iterator[Mention]:
    """E-mail addresses, lower case."""
    for match in EMAIL.finditer(text):
        yield Mention(Kind.EMAIL, match.start(), match.end(), match.group().lower().strip("'"))


def find_domains(text: str) -> Iterator[Mention]:
    """Web addresses, reduced to the host without "www."."""
    for match in WEB.finditer(text):
        host = match["host"].lower().rstrip(".").removeprefix("www.")
        if "." not in host or host.rsplit(".", 1)[1] not in _KNOWN_ENDINGS or host in FREE_HOSTS:
            continue
        if "://" in match.group() or not host.replace(".", "").isdigit():
            yield Mention(Kind.DOMAIN, match.start(), match.end(), host)


def domain_of(address: str) -> str:
    """The host of a mail address, or "" for a free-mail host."""
    host = address.rpartition("@")[2].lower().removeprefix("www.")
    return "" if host in FREE_HOSTS else host
