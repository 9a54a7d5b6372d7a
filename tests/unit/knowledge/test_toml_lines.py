"""The line of every key, held against `tomllib` on files of every shape that it reads."""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.settings import SAMPLE_PROGRAM
from knowledge.toml_lines import Path, key_lines


def _paths(value: Any, path: Path = ()) -> Iterator[Path]:
    """Every path in what tomllib read."""
    if path:
        yield path
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _paths(inner, (*path, place))


_KEYS = st.one_of(
    st.from_regex(r"[A-Za-z0-9_-]{1,6}", fullmatch=True),
    st.sampled_from(['"a b"', '"a.b"', r'"é\"]"', "'it is'", '"[x]"', '"#"', r'"\u00e9"', '""', "'= {'"]),
)
_SCALARS = st.sampled_from(
    [
        "1",
        "-2.5",
        "1e3",
        "true",
        "1979-05-27",
        "1979-05-27 07:32:00",
        "1979-05-27T07:32:00Z",
        "19:00",
        '"plain"',
        "'literal # ]'",
        r'"quoted \" # ] }"',
        '"""one line"""',
        '"""\nseveral\n[lines] = # x\n"""',
        '"""ends in a quote""""',
        '"""ends in two"""""',
        "'''\nliteral\n\n'quoted' ''\n'''",
        "'''two'''''",
        r'"""a \""" b"""',
        '"""\\\n   folded"""',
        "nan",
        "0xff",
    ]
)
_GAPS = st.sampled_from(["", " ", "\n", "\n\n  ", " # a ] comment\n", "\r\n"])


@st.composite
def _arrays(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    parts = draw(st.lists(inner, max_size=4))
    text = "[" + draw(_GAPS)
    for place, part in enumerate(parts):
        last = place == len(parts) - 1
        text += part + draw(_GAPS) + ("" if last and draw(st.booleans()) else ",") + draw(_GAPS)
    return text + "]"


@st.composite
def _inline(draw: st.DrawFn, inner: st.SearchStrategy[str]) -> str:
    keys = draw(st.lists(_KEYS, max_size=3))
    return "{ " + ", ".join(f"{key} = {draw(inner)}" for key in keys) + " }"


_VALUES = st.recursive(_SCALARS, lambda inner: st.one_of(_arrays(inner), _inline(inner)), max_leaves=8)


@st.composite
def _files(draw: st.DrawFn) -> str:
    """A file of statements and headers; not all of them are valid TOML."""
    lines = []
    for _ in range(draw(st.integers(0, 8))):
        dotted = draw(st.sampled_from([".", " . "])).join(draw(st.lists(_KEYS, min_size=1, max_size=3)))
        kind = draw(st.sampled_from(["statement", "statement", "table", "row"]))
        text = {"statement": f"{dotted} = {draw(_VALUES)}", "table": f"[{dotted}]", "row": f"[[ {dotted} ]]"}[kind]
        lines.append(draw(st.sampled_from(["", "  ", "\t"])) + text + draw(st.sampled_from(["", " # why", "\n"])))
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines)


@given(_files())
def test_every_key_that_tomllib_reads_has_a_line_and_no_other(text: str) -> None:
    try:
        read = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    assert set(key_lines(text)) == set(_paths(read))


@given(_files())
def test_the_file_up_to_the_line_of_a_key_does_not_have_it(text: str) -> None:
    try:
        tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    lines = text.replace("\r\n", "\n").split("\n")
    for path, line in key_lines(text).items():
        assert 1 <= line <= len(lines)
        before = "\n".join(lines[: line - 1])
        try:
            earlier = tomllib.loads(before)
        except tomllib.TOMLDecodeError:
            continue  # the line is inside of a value that begins before it
        assert path not in set(_paths(earlier))


@given(st.lists(st.tuples(st.sampled_from("abcd"), _SCALARS), max_size=6, unique_by=lambda pair: pair[0]), _GAPS)
def test_a_key_stands_in_the_line_that_is_told(pairs: list[tuple[str, str]], gap: str) -> None:
    text, expected = "", {}
    for key, value in pairs:
        text += gap if gap.endswith("\n") else ""
        expected[(key,)] = text.replace("\r\n", "\n").count("\n") + 1
        text += f"{key} = {value}\n"
    assert key_lines(text) == expected


def test_tables_rows_and_elements_have_lines_of_their_own() -> None:
    text = """\
# the first line
[a.b]
c.d = 1
[[rows]]
x = [
    "one",  # first
    { y = 2,  z = [3, 4] },
]
[[rows]]
[rows.inner]
w = '''
several
'''
v = 5
"""
    lines = key_lines(text)
    assert lines[("a",)] == lines[("a", "b")] == 2
    assert lines[("a", "b", "c", "d")] == 3
    assert lines[("rows", 0)] == lines[("rows",)] == 4
    assert (lines[("rows", 0, "x")], lines[("rows", 0, "x", 0)], lines[("rows", 0, "x", 1, "z", 1)]) == (5, 6, 7)
    assert (lines[("rows", 1)], lines[("rows", 1, "inner")], lines[("rows", 1, "inner", "v")]) == (9, 10, 14)


@pytest.mark.parametrize("name", ["program.toml", "brand.toml"])
def test_every_key_of_the_sample_stands_where_it_is_told(name: str) -> None:
    text = (SAMPLE_PROGRAM / name).read_text()
    lines = text.splitlines()
    found = key_lines(text)
    assert set(found) == set(_paths(tomllib.loads(text)))
    for path, line in found.items():
        if isinstance(path[-1], str):
            assert path[-1] in lines[line - 1], path
