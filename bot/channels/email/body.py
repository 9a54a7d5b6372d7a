"""The two bodies of a mail that say the same: a plain text that reads well alone, and an HTML document in the brand."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.channels.email import markdown
from bot.channels.email.chunks import chunks
from bot.channels.email.html_body import FONT, of_layout, of_text, styled
from bot.channels.email.look import Look
from bot.texts.own import worded
from bot.vocabulary.layout import Block

_FILLER = "\u034f\u200c\u00a0" * 60
"""Keeps what follows the preheader out of a mail program's preview."""
_PREVIEW = 120  # characters


_LINKS_TO_ANSWER = re.compile(
    r"\n\n\[[^\]\n]+\]\(mailto:reply\+[^)\s]+\)(?: · \[[^\]\n]+\]\(mailto:reply\+[^)\s]+\))*(?=\n|\Z)"
)
"""A line of links that write an answer: whoever reads plain text writes it himself."""


@dataclass(frozen=True, slots=True)
class Body:
    """`html` may show the logo of the look, by its Content-ID."""

    plain: str
    html: str


@dataclass(frozen=True, slots=True)
class _Leaving:
    why: str
    words: str
    how: str
    url: str = ""


def letter(text: str, layout: Sequence[Block], look: Look, language: str, *, heading: str = "") -> Body:
    """A mail to one person. `layout` () takes the form from the text itself."""
    text = _lines(text)
    content = of_layout(layout) if layout else of_text(text)
    plain = "\n".join([text, *_signature(look.footer(language))]) + "\n"
    return Body(plain, _document(content, look, language, title=heading or look.name, heading=heading))


def announcement(subject: str, text: str, look: Look, language: str, *, leave_url: str) -> Body:
    """A mail to many. `text` is Markdown; `leave_url` "" asks those who want no more of them to reply so."""
    plain = plain_of(text)
    ending = ending_of(look, language, leave_url)
    html = around("".join(html_of(text)), look, language, subject, preview=preview_of(plain), leave_url=leave_url)
    return Body("\n\n".join(plain) + ending, html)


def plain_of(text: str) -> tuple[str, ...]:
    """The Markdown as plain text, in pieces with an empty line between them."""
    return tuple(_plain(piece) for piece in chunks(_LINKS_TO_ANSWER.sub("", _lines(text)).rstrip()))


def html_of(text: str) -> tuple[str, ...]:
    """The Markdown as bare HTML, in pieces one behind the other."""
    return tuple(_html(piece) for piece in chunks(_lines(text)))


def preview_of(plain: Sequence[str]) -> str:
    """The first words of the text, for a mail program's list."""
    words = " ".join(
        line.strip() for piece in plain for line in piece.split("\n") if not re.fullmatch(r"\s*[=-]*", line)
    )
    return words if len(words) <= _PREVIEW else words[:_PREVIEW].rsplit(" ", 1)[0] + " …"


def ending_of(look: Look, language: str, leave_url: str) -> str:
    """What stands below the plain text."""
    leaving = _leaving(look, language, leave_url)
    colon = " :" if language.startswith("fr") else ":"
    said = f"{leaving.words}{colon} {leaving.url}" if leaving.url else leaving.words
    return "\n" + "\n".join(_signature((*look.footer(language), leaving.why, said, leaving.how))) + "\n"


def around(bare: str, look: Look, language: str, subject: str, *, preview: str, leave_url: str) -> str:
    """The document of an announcement."""
    leaving = _leaving(look, language, leave_url)
    return _document(bare, look, language, title=subject, heading=subject, preheader=preview, leaving=leaving)


@lru_cache(maxsize=1_000)
def _plain(piece: str) -> str:
    return markdown.to_text(piece)


@lru_cache(maxsize=1_000)
def _html(piece: str) -> str:
    return markdown.to_html(piece)


def _leaving(look: Look, language: str, url: str) -> _Leaving:
    texts = worded(look.texts)
    known = texts.language(language)
    words = texts.template(known, "footer.leave" if url else "footer.leave_by_reply")
    why = texts.template(known, "footer.why").replace("{vendor}", look.name)
    return _Leaving(why, words, texts.template(known, "footer.prefer"), url)


def _signature(lines: Sequence[str]) -> tuple[str, ...]:
    """Behind the mark that tells mail programs where a signature begins."""
    return ("", "-- ", *lines) if lines else ()


def _lines(text: str) -> str:
    """Without what neither body can hold, and with one kind of line end."""
    whole = re.sub("[\ud800-\udfff]", "\ufffd", text).replace("\0", "")
    return whole.replace("\r\n", "\n").replace("\r", "\n").rstrip()


def _document(
    content: str, look: Look, language: str, *, title: str, heading: str = "", preheader: str = "",
    leaving: _Leaving | None = None,
) -> str:  # fmt: skip
    logo = look.logo
    environment = _templates()
    night = environment.get_template("night.css")
    return environment.get_template("mail.html").render(
        content=Markup(styled(content, look.light)),  # noqa: S704 - passed the allow-list of html_body.clean
        title=title,
        heading=heading,
        preheader=preheader,
        filler=_FILLER,
        language=language if re.fullmatch("[a-z]{2}", language) else "en",
        light=look.light,
        night=lambda within: Markup(night.render(dark=look.dark, within=within)),  # noqa: S704 - colours #rrggbb
        name=look.name,
        logo={"cid": look.logo_cid, "width": logo.width, "height": logo.height} if logo else None,
        footer=look.footer(language),
        leaving=leaving,
        font=Markup(FONT),  # noqa: S704 - a constant
    )


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
