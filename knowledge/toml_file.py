"""One TOML file of a program folder: what it says, in which lines, and every place that is not valid TOML."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from knowledge.toml_lines import key_lines

_HEADER = re.compile(r"^\[\[?[^\[\],]+\]\]?\s*(#.*)?$")  # rows of an array have commas, or are indented
_OPENING = re.compile(r"\[\[?\s*\"?(?P<table>[A-Za-z0-9_-]*)")
_AT_LINE = re.compile(r" \(at line (?P<line>\d+), column \d+\)$")
_AT_END = " (at end of document)"
_MOST = 20  # faults of syntax after which nothing more is looked for


@dataclass(frozen=True, slots=True)
class TomlFile:
    """`name` is the path inside the program folder; `lines` are by key as it is told, such as `tiers[1].revenue`.

    `broken` are the tables of which a part is not valid TOML and was left out.
    """

    name: str
    raw: Mapping[str, Any] = field(default_factory=dict)
    lines: Mapping[str, int] = field(default_factory=dict)
    broken: frozenset[str] = frozenset()

    def fault(self, key: str, words: str) -> str:
        """`file:line: key: words`, with the line of the key or of the nearest table around it."""
        around = key
        while around and around not in self.lines:
            around = around[: max(around.rfind("."), around.rfind("["), 0)]
        line = f":{self.lines[around]}" if around else ""
        return f"{self.name}{line}: {key}: {words}"

    def told(self, faults: Iterable[str]) -> list[str]:
        """Faults that are said as `key: words`."""
        return [self.fault(key, words) for key, _, words in (fault.partition(": ") for fault in faults)]


def spelled(path: Iterable[str | int]) -> str:
    """A path as it is told: ("tiers", 1, "revenue") is `tiers[1].revenue`."""
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")


def read_toml(path: Path, name: str, largest: int, faults: list[str]) -> TomlFile | None:
    """The file with exact decimals, without the tables that are not valid TOML; what is wrong goes into `faults`.

    `largest` is in bytes. None where nothing can be said of what the file holds.
    """
    text = _text(path, name, largest, faults)
    return None if text is None else parsed(text, name, faults)


def parsed(text: str, name: str, faults: list[str]) -> TomlFile | None:
    """The same for the text of a file. Each table that is not valid TOML is a fault of its own."""
    lines = text.replace("\r\n", "\n").split("\n")
    broken: set[str] = set()
    for _ in range(_MOST):
        try:
            raw = tomllib.loads("\n".join(lines), parse_float=Decimal)
        except RecursionError:
            faults.append(f"{name}: the file is nested too deeply")
            return None
        except tomllib.TOMLDecodeError as error:
            line, words = _place(str(error), lines)
            faults.append(f"{name}:{line}: this is not valid TOML: {words}")
            table = _cut(lines, line)
            if table is None:
                return None
            broken.add(table)
            continue
        except ValueError:  # more digits than a number may have
            faults.append(f"{name}: a number in it has thousands of digits")
            return None
        found = {spelled(path): line for path, line in key_lines("\n".join(lines)).items()}
        kept = {table: value for table, value in raw.items() if table not in broken}
        return TomlFile(name, kept, found, frozenset(broken))
    return None


def _text(path: Path, name: str, largest: int, faults: list[str]) -> str | None:
    try:
        with path.open("rb") as stream:
            content = stream.read(largest + 1)
        if len(content) > largest:
            faults.append(f"{name}: the file is larger than {largest} bytes")
            return None
        return content.decode()
    except OSError as error:
        faults.append(f"{name}: the file cannot be read ({error.strerror}) in {path.parent}")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        faults.append(f"{name}:{line}: the file is not UTF-8 text")
    return None


def _place(said: str, lines: list[str]) -> tuple[int, str]:
    """The line that tomllib names and its words without it; where it only names the end, the line of what is open."""
    at = _AT_LINE.search(said)
    words = (said[: at.start()] if at else said.removesuffix(_AT_END)).strip()
    words = words[:1].lower() + words[1:]
    if at is not None:
        return min(int(at["line"]), len(lines)), words
    return _opened(lines), f"{words}; what is opened here is not closed"


def _opened(lines: list[str]) -> int:
    """The line after the longest part from the top that is valid: first by tables, then by lines."""
    headers = [n for n, text in enumerate(lines) if _HEADER.match(text)]
    whole = 0
    for end in headers:
        if not _valid(lines[:end]):
            break
        whole = end
    end = next((n for n in headers if n > whole), len(lines))
    good = next((n for n in range(end, whole, -1) if _valid(lines[:n])), whole)
    blank = next((n for n in range(good, len(lines)) if lines[n].strip()), good)
    return min(blank + 1, len(lines))


def _valid(lines: list[str]) -> bool:
    try:
        tomllib.loads("\n".join(lines))
    except (ValueError, RecursionError):
        return False
    return True


def _cut(lines: list[str], line: int) -> str | None:
    """Empties the part from the header above to the next one, so that the rest can be read; gives the table's name,
    None where nothing was left to empty.
    """
    place = line - 1
    above = (n for n in range(place, -1, -1) if _HEADER.match(lines[n]) or (n == place and lines[n].startswith("[")))
    start = next(above, 0)
    end = next((n for n in range(place + 1, len(lines)) if _HEADER.match(lines[n])), len(lines))
    if not any(text.strip() for text in lines[start:end]):
        return None
    header = _OPENING.match(lines[start])
    lines[start:end] = [""] * (end - start)
    return header["table"] if header else ""
