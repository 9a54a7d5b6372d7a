"""How a mail looks: the brand's colours with those derived from them, its logo, and its words at top and bottom."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.brand import Brand, Colours, Logo
from knowledge.colours import contrast, mixed, readable


@dataclass(frozen=True, slots=True)
class Palette:
    """Each #rrggbb. `ground` lies around the sheet, `quiet` is small print that both bear, `line` parts rows, `tint`
    lies under quotations and code.
    """

    accent: str
    text: str
    background: str
    ground: str
    quiet: str
    line: str
    tint: str


@dataclass(frozen=True, slots=True)
class Look:
    """`name` stands at the top where there is no logo, and in the logo's place where it is not shown. `texts` are
    the vendor's own, language -> key -> text.
    """

    name: str
    brand: Brand
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def logo(self) -> Logo | None:
        return self.brand.logo

    @property
    def logo_cid(self) -> str:
        """The same for the same picture, so that a mail program keeps one."""
        return f"logo-{hashlib.sha256(self.logo.png).hexdigest()[:16]}" if self.logo else ""

    @property
    def light(self) -> Palette:
        return _palette(self.brand.light)

    @property
    def dark(self) -> Palette:
        return _palette(self.brand.dark)

    def footer(self, language: str) -> tuple[str, ...]:
        return tuple(line for line in map(str.strip, self.brand.footer_in(language).splitlines()) if line)


PLAIN = Look("", Brand())
"""Nobody's: no name, no logo, no footer."""


def look_of(brand: Brand, vendor_name: str, texts: Mapping[str, Mapping[str, str]] | None = None) -> Look:
    return Look(brand.name or vendor_name, brand, texts or {})


def _palette(colours: Colours) -> Palette:
    is_dark = contrast(colours.background, "#ffffff") > contrast(colours.background, "#000000")
    ground = mixed(colours.background, "#000000", 0.35 if is_dark else 0.06)
    tint = mixed(colours.background, colours.accent, 0.07)
    quiet = readable(readable(mixed(colours.text, colours.background, 0.3), ground), colours.background)
    return Palette(
        accent=colours.accent,
        text=colours.text,
        background=colours.background,
        ground=ground,
        quiet=quiet,
        line=mixed(colours.background, colours.text, 0.18),
        tint=tint,
    )
