"""Reads `brand.toml` and the logo beside it; what is wrong is told with the key and what would be right."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError

from knowledge.brand import Brand, Colours, Logo
from knowledge.colours import READABLE, contrast, readable
from knowledge.faults import table_faults
from knowledge.toml_file import read_toml
from knowledge.values import Checked

FILE = "brand.toml"
_LARGEST = 100_000  # bytes of the file
_LARGEST_LOGO = 100_000  # bytes; it goes out with every mail
_PNG = b"\x89PNG\r\n\x1a\n"
_WIDEST = 280  # CSS pixels: what a telephone of 320 leaves beside its margins

_Text = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]
_Footer = Annotated[str, StringConstraints(max_length=1_000)]
_Colour = Annotated[str, StringConstraints(pattern="^#[0-9a-fA-F]{6}$")]


class _ColoursTable(Checked):
    accent: _Colour | None = None
    text: _Colour | None = None
    background: _Colour | None = None


class _BrandTable(Checked):
    name: _Text = ""
    sender: _Text = ""
    logo: _Text = ""
    logo_width: Annotated[int, Field(ge=16, le=_WIDEST, strict=True)] | None = None
    colours: _ColoursTable = _ColoursTable()
    dark: _ColoursTable = _ColoursTable()
    footer: dict[Annotated[str, StringConstraints(pattern="^(all|[a-z]{2})$")], _Footer] = Field(default={})


def read_brand(folder: Path, faults: list[str]) -> Brand:
    """The brand of a program folder; the plain one where there is no such file, or where `faults` got some."""
    path = folder / FILE
    if not path.exists():
        return Brand()
    file = read_toml(path, FILE, _LARGEST, faults)
    if file is None:
        return Brand()
    try:
        table = _BrandTable.model_validate(file.raw)
    except ValidationError as error:
        faults += file.told(table_faults(error))
        return Brand()
    light = _colours(table.colours, Colours())
    dark = _colours(table.dark, light.darkened())
    faults += file.told((*_unreadable("colours", light), *_unreadable("dark", dark)))
    logo, fault = _logo(folder, table)
    if fault:
        faults.append(file.fault("logo", fault))
    return Brand(
        name=table.name,
        sender=table.sender,
        logo=logo,
        light=light,
        dark=dark,
        footer=MappingProxyType({"" if key == "all" else key: text.strip() for key, text in table.footer.items()}),
    )


def _colours(table: _ColoursTable, default: Colours) -> Colours:
    return Colours(
        (table.accent or default.accent).lower(),
        (table.text or default.text).lower(),
        (table.background or default.background).lower(),
    )


def _unreadable(name: str, colours: Colours) -> Iterator[str]:
    """Text and links have to be readable on the background; a fault names the nearest shade that is."""
    for key, colour in (("text", colours.text), ("accent", colours.accent)):
        reached = contrast(colour, colours.background)
        if reached < READABLE:
            yield (
                f"{name}.{key}: {colour} on {colours.background} has a contrast of {reached:.1f}, and text"
                f" needs {READABLE}; use {readable(colour, colours.background)}"
            )


def _logo(folder: Path, table: _BrandTable) -> tuple[Logo | None, str]:
    """The logo, and what is wrong with it."""
    if not table.logo:
        return None, ""
    path = folder / table.logo
    if not path.resolve().is_relative_to(folder.resolve()):
        return None, f"{table.logo!r} lies outside the program's folder; copy it in"
    try:
        with path.open("rb") as stream:
            content = stream.read(_LARGEST_LOGO + 1)
    except OSError as error:
        return None, f"{table.logo!r} cannot be read ({error.strerror})"
    fault, width, height = _measured(content)
    if fault:
        return None, f"{table.logo!r} {fault}"
    # Twice the pixels it is shown in, for dense screens, unless the file says otherwise.
    shown = table.logo_width or min(max(width // 2, 16), _WIDEST)
    return Logo(content, shown, max(round(height * shown / width), 1)), ""


def _measured(png: bytes) -> tuple[str, int, int]:
    """(fault, width, height) of a PNG."""
    if len(png) > _LARGEST_LOGO:
        return f"is larger than {_LARGEST_LOGO:,} bytes, and it goes out with every mail; make it smaller", 0, 0
    if not png.startswith(_PNG) or len(png) < 24:
        return "is no PNG, which every mail program shows; save it as one", 0, 0
    width, height = struct.unpack(">II", png[16:24])
    if not (0 < width <= 2_000 and 0 < height <= 2_000):
        return f"is {width} by {height} pixels; use at most 2,000 by 2,000", 0, 0
    return "", width, height
