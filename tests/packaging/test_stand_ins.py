"""What `make slack` and `make hubspot` start needs nothing that is installed for tests alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
MODULES = ("jsonschema", "hypothesis", "pytest", "pytest_asyncio", "playwright", "openpyxl", "sklearn")


@pytest.mark.parametrize("stand_in", ["slack", "hubspot"])
def test_a_stand_in_starts_with_what_the_product_needs(stand_in: str) -> None:
    without = "".join(f"sys.modules[{name!r}] = None; " for name in MODULES)
    main = f"import sys; {without}sys.argv[1:] = ['--help']; import tests.fakes.{stand_in}.__main__ as it; it.arguments"
    done = subprocess.run([sys.executable, "-c", main], cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
