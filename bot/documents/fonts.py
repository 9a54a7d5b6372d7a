"""The typeface of our documents: DejaVu Sans, which has Latin, Greek and Cyrillic and comes with matplotlib."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD = "Partnerline", "Partnerline-Bold"
_FILES = {REGULAR: "DejaVuSans.ttf", BOLD: "DejaVuSans-Bold.ttf"}


@cache
def fonts() -> tuple[str, str]:
    """The names of the regular and the bold face, registered with reportlab the first time."""
    for name, file in _FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(_folder() / file)))
    pdfmetrics.registerFontFamily(REGULAR, normal=REGULAR, bold=BOLD, italic=REGULAR, boldItalic=BOLD)
    return REGULAR, BOLD


def _folder() -> Path:
    """matplotlib's fonts, found without importing it: that takes longer than the whole document."""
    spec = find_spec("matplotlib")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("matplotlib is not installed, and its fonts with it")
    return Path(spec.origin).parent / "mpl-data" / "fonts" / "ttf"
