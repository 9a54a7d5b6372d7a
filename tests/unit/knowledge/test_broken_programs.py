"""However a program file is broken, what is told are faults with their lines, and never anything else."""

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.settings import SAMPLE_PROGRAM
from knowledge.errors import ProgramError
from knowledge.loading import load_programs

_LINES = (SAMPLE_PROGRAM / "program.toml").read_text().splitlines()
_STATEMENTS = [place for place, line in enumerate(_LINES) if re.match(r"[a-z_]+ = ", line)]
_VALUES = st.sampled_from(
    [
        "0", "-1", "1.5", "1" + "0" * 30, "1" + "0" * 5000, "1e400", "1_000_001",
        "nan", "inf", "true", '""', '"x"', '"EUR 1"', '"EUR -1"', "[]", '["x"]',
        "{}", "{ x = 1 }", "[[]]", "[{ x = [{}] }]", "2026-02-30", "2026-02-03", "'open", '"""', "[", "=", "\x00", "é",
        '"\\ud800"', "1 2", '"EUR 1e999"', '"EUR Infinity"', "1979-05-27T07:32:00Z", "25:61:00",
    ]
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("broken") / "program"
    shutil.copytree(SAMPLE_PROGRAM, made)
    return made


def _told(folder: Path, lines: list[str]) -> tuple[str, ...]:
    (folder / "program.toml").write_text("\n".join(lines), encoding="utf-8", errors="surrogatepass")
    try:
        load_programs(folder)
    except ProgramError as error:
        return error.faults
    return ()


def _placed(faults: tuple[str, ...], count: int) -> bool:
    """Each names the file, and a line of it where it names one."""
    found = [re.fullmatch(r"program\.toml(?::(\d+))?: .+", fault, re.DOTALL) for fault in faults]
    return all(match and (match[1] is None or 1 <= int(match[1]) <= count) for match in found)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.tuples(st.sampled_from(_STATEMENTS), _VALUES), min_size=1, max_size=4))
def test_any_value_in_any_place_is_right_or_told(folder: Path, changed: list[tuple[int, str]]) -> None:
    lines = list(_LINES)
    for place, value in changed:
        lines[place] = lines[place].partition(" = ")[0] + " = " + value
    assert _placed(_told(folder, lines), len(lines))


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sets(st.integers(0, len(_LINES) - 1), min_size=1, max_size=12))
def test_any_lines_may_be_missing(folder: Path, gone: set[int]) -> None:
    lines = [line for place, line in enumerate(_LINES) if place not in gone]
    assert _placed(_told(folder, lines), len(lines))


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.integers(0, len("\n".join(_LINES))))
def test_a_file_may_end_anywhere(folder: Path, end: int) -> None:
    lines = "\n".join(_LINES)[:end].split("\n")
    faults = _told(folder, lines)
    assert faults or end > 0.9 * len("\n".join(_LINES))
    assert _placed(faults, len(lines))


@pytest.mark.parametrize("value", ["1e400", "1" + "0" * 23, "1" + "0" * 5000])
def test_no_number_without_bounds_is_taken(folder: Path, value: str) -> None:
    taken = []
    for place, line in enumerate(_LINES):
        for found in re.finditer(r"(?<== )\d+(?:\.\d+)?(?=\s*(?:$|,|\}|\]|#))", line):
            lines = [*_LINES[:place], line[: found.start()] + value + line[found.end() :], *_LINES[place + 1 :]]
            if not _told(folder, lines):
                taken.append(line)
    assert taken == []
