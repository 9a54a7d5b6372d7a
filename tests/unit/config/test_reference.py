"""The example file and the documentation show every setting as it is."""

import tomllib
from pathlib import Path

from config.loading import load_settings
from config.reference import render_example, render_table
from config.settings import Settings

ROOT = Path(__file__).parents[3]


def test_the_example_file_is_the_rendered_one() -> None:
    assert (ROOT / "config/partnerline.example.toml").read_text() == render_example()


def test_the_documented_table_is_the_rendered_one() -> None:
    assert (ROOT / "docs/configuration.md").read_text() == render_table()


def test_every_setting_stands_in_both_with_a_meaning() -> None:
    for name, info in Settings.model_fields.items():
        assert info.description
        assert f"\n# {name} = " in render_example()
        assert f"\n| `{name}` | " in render_table()


def test_the_example_with_every_line_taken_in_gives_the_defaults(tmp_path: Path) -> None:
    lines = render_example().splitlines()
    taken = [line.removeprefix("# ") for line in lines if " = " in line and line.split()[1] in Settings.model_fields]
    values = {k: v for k, v in tomllib.loads("\n".join(taken)).items() if k != "data_dir"}
    file = tmp_path / "all.toml"
    file.write_text("\n".join(line for line in taken if not line.startswith("data_dir")))
    assert set(values) | {"data_dir"} == set(Settings.model_fields)
    assert load_settings(file, environ={}) == load_settings(environ={})
