"""The brand of a program folder: read whole, told whole what is wrong, and never unreadable."""

from __future__ import annotations

import re
import shutil
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import SAMPLE_PROGRAM
from knowledge.brand import Brand, Colours
from knowledge.brand_file import read_brand
from knowledge.colours import READABLE, contrast, mixed, readable
from knowledge.errors import ProgramError
from knowledge.loading import load_program

COLOUR = st.integers(0, 0xFFFFFF).map("#{:06x}".format)
Write = Callable[..., Path]


@pytest.fixture
def folder(tmp_path: Path) -> Write:
    """A program folder with this brand.toml."""

    def make(text: str, logo: bytes = b"") -> Path:
        (tmp_path / "brand.toml").write_text(text)
        if logo:
            (tmp_path / "logo.png").write_bytes(logo)
        return tmp_path

    return make


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\x08\x06\0\0\0"


def faults(folder: Path) -> list[str]:
    told: list[str] = []
    read_brand(folder, told)
    return told


def test_the_sample_program_has_a_brand() -> None:
    brand = load_program(SAMPLE_PROGRAM).brand
    assert brand.name == "Lumora"
    assert brand.logo is not None
    assert (brand.logo.width, brand.logo.height) == (118, 30)
    assert "Belgien" in brand.footer_in("de")
    assert "Belgium" in brand.footer_in("it")


def test_no_brand_is_a_plain_one(tmp_path: Path) -> None:
    assert read_brand(tmp_path, []) == Brand()
    assert faults(tmp_path) == []


def test_a_logo_is_shown_at_half_its_pixels_unless_it_is_said(folder: Write) -> None:
    logo = read_brand(folder('logo = "logo.png"', png(400, 100)), []).logo
    assert logo is not None
    assert (logo.width, logo.height) == (200, 50)
    logo = read_brand(folder('logo = "logo.png"\nlogo_width = 100'), []).logo
    assert logo is not None
    assert (logo.width, logo.height) == (100, 25)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('colour = "#fff"', "colour: "),
        ('[colours]\naccent = "green"', "colours.accent: 'green' is not of this form; write a colour as #rrggbb"),
        ('[colours]\naccent = "#9fd8c8"', "contrast of 1.6, and text needs 4.5; use #"),
        ('[dark]\ntext = "#222222"', "dark.text: #222222"),
        ('[footer]\nEnglish = "x"', "name a language of two letters, such as en, or `all`"),
        ('name = "a\\nBcc: b"', "write it on one line"),
        ('logo = "missing.png"', "logo: 'missing.png' cannot be read"),
        ('logo = "../../etc/passwd"', "lies outside the program's folder"),
        ("logo_width = 5000", "logo_width: "),
        ("= x", "this is not valid TOML"),
    ],
)
def test_a_fault_names_the_key_and_what_would_be_right(folder: Write, text: str, fault: str) -> None:
    told = faults(folder(text))
    assert len(told) == 1
    assert re.match(r"brand\.toml:\d+: ", told[0])
    assert fault in told[0]


@pytest.mark.parametrize(
    ("logo", "fault"),
    [
        (b"<svg/>", "is no PNG"),
        (png(0, 10), "is 0 by 10 pixels"),
        (png(9_000, 10), "is 9000 by 10 pixels"),
        (png(10, 10) + b"x" * 100_000, "is larger than 100,000 bytes"),
    ],
)
def test_a_logo_that_cannot_go_into_a_mail_is_refused(folder: Write, logo: bytes, fault: str) -> None:
    assert fault in faults(folder('logo = "logo.png"', logo))[0]


def test_faults_of_the_brand_are_told_beside_those_of_the_program(tmp_path: Path) -> None:
    copy = tmp_path / "program"
    shutil.copytree(SAMPLE_PROGRAM, copy)
    (copy / "brand.toml").write_text('logo = "no.png"\n[colours]\naccent = "#eeeeee"\ntext = "#dddddd"')
    (copy / "program.toml").write_text((copy / "program.toml").read_text().replace('currency = "EUR"', "", 1))
    with pytest.raises(ProgramError) as caught:
        load_program(copy)
    assert len([fault for fault in caught.value.faults if fault.startswith("brand.toml")]) == 3
    assert [fault for fault in caught.value.faults if fault.startswith("program.toml")]


def test_contrast_is_that_of_the_guideline() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#fff000", "#fff000") == 1


@given(COLOUR, COLOUR)
def test_whatever_the_colours_a_readable_shade_is_found(colour: str, ground: str) -> None:
    best = max(contrast("#000000", ground), contrast("#ffffff", ground))
    assert contrast(readable(colour, ground), ground) >= min(READABLE, best)


@given(COLOUR)
def test_what_is_derived_for_dark_readers_can_be_read(accent: str) -> None:
    dark = Colours(accent=accent).darkened()
    assert contrast(dark.text, dark.background) > 10
    assert contrast(dark.accent, dark.background) >= READABLE


def test_a_mix_lies_between_its_colours() -> None:
    assert mixed("#000000", "#ffffff", 0.5) == "#808080"
    assert mixed("#112233", "#ffffff", 0) == "#112233"
