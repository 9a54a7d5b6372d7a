"""Reads the pages of a program: Markdown files, one folder a language, cut into the sections that answers quote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from knowledge.program import Section

_HEADING = re.compile(r"^## +(?P<title>.+?) *\{#(?P<anchor>[a-z0-9-]+)\} *$")
_KEYWORDS = re.compile(r"^<!-- also: *(?P<words>.*?) *-->$")
_LARGEST = 200_000  # characters of a page


def read_pages(folder: Path, faults: list[str]) -> tuple[Section, ...]:
    """All sections of `folder`/<language>/<page>.md, sorted by language and file; what is wrong goes into `faults`.

    A page is `# Title`, then sections `## Heading {#anchor}`; a line `<!-- also: word, word -->` under a heading gives
    other words that people use for it. A page that a language lacks is no fault.
    """
    sections: list[Section] = []
    for path in sorted(folder.glob("*/*.md")):
        where = f"pages/{path.parent.name}/{path.name}"
        if not re.fullmatch("[a-z]{2}", path.parent.name):
            faults.append(f"{where}: the folder must be a language of two letters, such as en")
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            faults.append(f"{where}: the page cannot be read as UTF-8 text ({type(error).__name__})")
            continue
        sections += _sections(text[:_LARGEST], path, where, faults)
    if not any(section.language == "en" for section in sections):
        faults.append("pages/en: there must be at least one page in English, which every other language falls back to")
    return tuple(sections)


def _sections(text: str, path: Path, where: str, faults: list[str]) -> Iterator[Section]:
    title, *blocks = re.split(r"^(?=## )", text, flags=re.MULTILINE)
    first = title.strip().partition("\n")[0]
    if not first.startswith("# "):
        faults.append(f"{where}:1: the first line must be the page's title, as `# Title`")
        return
    seen: dict[str, int] = {}
    line = 1 + title.count("\n")
    for block in blocks:
        heading, _, body = block.partition("\n")
        here, line = f"{where}:{line}", line + block.count("\n")
        found = _HEADING.match(heading)
        if found is None:
            faults.append(f"{here}: the heading {heading[:60]!r} needs an anchor, as `## Heading {{#anchor}}`")
            continue
        anchor = f"{path.stem}#{found['anchor']}"
        if anchor in seen:
            faults.append(f"{here}: the anchor {found['anchor']!r} stands twice, in line {seen[anchor]} already")
        seen.setdefault(anchor, int(here.rpartition(":")[2]))
        words, lines = _keywords(body)
        if not lines:
            faults.append(f"{here}: the section {found['anchor']!r} is empty")
        yield Section(first[2:].strip(), found["title"], anchor, lines, path.parent.name, words)


def _keywords(body: str) -> tuple[tuple[str, ...], str]:
    words: list[str] = []
    kept: list[str] = []
    for line in body.splitlines():
        found = _KEYWORDS.match(line.strip())
        if found:
            words += [word.strip() for word in found["words"].split(",") if word.strip()]
        else:
            kept.append(line)
    return tuple(words), "\n".join(kept).strip()
