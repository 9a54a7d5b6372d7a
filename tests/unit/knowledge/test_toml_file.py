"""A file that is not valid TOML in some places is told with each of them, and the rest of it is read."""

from decimal import Decimal
from pathlib import Path

import pytest

from knowledge.toml_file import TomlFile, parsed, read_toml


def _read(text: str) -> tuple[TomlFile | None, list[str]]:
    faults: list[str] = []
    return parsed(text, "x.toml", faults), faults


def test_a_fault_names_the_line_of_its_key_or_of_the_table_around_it() -> None:
    file, faults = _read('[a]\nb = 1.50\n\n[[rows]]\n"two words" = { c = 1 }\n')
    assert file is not None
    assert not faults
    assert file.raw["a"] == {"b": Decimal("1.50")}
    assert file.fault("a.b", "wrong") == "x.toml:2: a.b: wrong"
    assert file.fault("a.missing", "wrong") == "x.toml:1: a.missing: wrong"
    assert file.fault("rows[0].two words.c", "wrong") == "x.toml:5: rows[0].two words.c: wrong"
    assert file.fault("rows[0].two words.d[3].e", "wrong") == "x.toml:5: rows[0].two words.d[3].e: wrong"
    assert file.fault("rows[7]", "wrong") == "x.toml:4: rows[7]: wrong"
    assert file.fault("nowhere", "wrong") == "x.toml: nowhere: wrong"


def test_every_table_that_is_no_toml_is_told_and_the_others_are_read() -> None:
    file, faults = _read("[a]\nx = 1\ny = = 2\n[b]\nz = 3\n[c\nw = 4\n[[d]]\nv = 5\n[[d]]\nv = 'open\n[e]\nu = 6\n")
    assert file is not None
    assert [fault.split(": this is not valid TOML: ")[0] for fault in faults] == ["x.toml:3", "x.toml:6", "x.toml:11"]
    assert file.raw == {"b": {"z": 3}, "e": {"u": 6}}
    assert file.broken == {"a", "c", "d"}
    assert file.fault("e.u", "wrong") == "x.toml:13: e.u: wrong"


def test_a_key_before_all_tables_may_be_broken() -> None:
    file, faults = _read("x 1\n[a]\ny = 2\n")
    assert file is not None
    assert len(faults) == 1
    assert file.raw == {"a": {"y": 2}}


@pytest.mark.parametrize(
    ("text", "opened"),
    [
        ('[a]\nx = """\nnever closed\n[b]\ny = 1\n', 'x = """'),
        ("[a]\nz = 1\n\nx = 'never closed\n[b]\ny = 1\n", "x = 'never closed"),
        ("x = '''", "x = '''"),
        ("[a]\nx = [1,\n", "x = [1,"),
        ("x = {", "x = {"),
        ("[[", "[["),
        ("=", "="),
    ],
)
def test_what_is_never_closed_is_told_once_or_twice_and_ends(text: str, opened: str) -> None:
    _, faults = _read(text)
    assert 1 <= len(faults) <= 3
    assert all(fault.startswith("x.toml:") for fault in faults)
    assert faults[0].startswith(f"x.toml:{text.splitlines().index(opened) + 1}: ")


def test_a_table_that_stands_twice_is_told() -> None:
    _, faults = _read("[a]\nx = 1\n[b]\n[a]\ny = 1\n")
    assert faults == ["x.toml:4: this is not valid TOML: cannot declare ('a',) twice"]


def test_deep_huge_and_binary_files_are_faults(tmp_path: Path) -> None:
    assert _read("a = " + "[" * 100_000) == (None, ["x.toml: the file is nested too deeply"])
    path = tmp_path / "x.toml"
    for content, told in ((b"#" * 11, "larger than 10 bytes"), (b"a = 1\n\xff", "x.toml:2: the file is not UTF-8")):
        path.write_bytes(content)
        faults: list[str] = []
        assert read_toml(path, "x.toml", 10, faults) is None
        assert told in faults[0]
    faults = []
    assert read_toml(tmp_path / "none.toml", "none.toml", 10, faults) is None
    assert "cannot be read" in faults[0]
