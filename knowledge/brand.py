"""How the vendor looks in the mails it sends: name, logo, colours, footer. `knowledge.brand_file` reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from knowledge.colours import mixed, readable

_NIGHT, _MOON = "#181b20", "#e6e9ed"


@dataclass(frozen=True, slots=True)
class Colours:
    """Each #rrggbb. `accent` is that of links and rules, `background` that of the sheet the text stands on."""

    accent: str = "#1f5fa8"
    text: str = "#1d232b"
    background: str = "#ffffff"

    def darkened(self) -> Colours:
        """The same for a reader who prefers dark: light text on a dark sheet, and the accent as light as it takes."""
        background = mixed(_NIGHT, self.accent, 0.04)
        return Colours(readable(self.accent, background), _MOON, background)


@dataclass(frozen=True, slots=True)
class Logo:
    """A PNG and the size it is shown in, in CSS pixels."""

    png: bytes = field(repr=False)
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Brand:
    """`name` and `sender` (the display name of From and Reply-To) may be "": then they follow the vendor's name.

    `footer` holds lines by language; "" is every other language's.
    """

    name: str = ""
    sender: str = ""
    logo: Logo | None = None
    light: Colours = Colours()
    dark: Colours = field(default_factory=lambda: Colours().darkened())
    footer: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def footer_in(self, language: str) -> str:
        """The footer of a language, or the one for all, or ""."""
        return self.footer.get(language) or self.footer.get("", "")
