"""The wheel, built and installed in an environment of its own, starts and answers outside the checkout."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300), pytest.mark.xdist_group("packaging")]


def _run(*command: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload]
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done  # type: ignore[no-any-return]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    _run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", out, CHECKOUT)
    return next(out.glob("*.whl"))


@pytest.fixture(scope="module")
def partnerline(wheel: Path) -> Iterator[Path]:
    """The command in a clean environment: what the lock names, and the wheel."""
    with tempfile.TemporaryDirectory(prefix="plw-") as folder:
        environment = Path(folder) / "env"
        _run(sys.executable, "-m", "venv", "--without-pip", environment)
        pip: list[str | Path] = [sys.executable, "-m", "pip", "--python", environment / "bin/python", "install"]
        pip += ["--quiet", "--disable-pip-version-check", "--no-compile"]  # of most modules nothing is used
        _run(*pip, "--require-hashes", "-r", CHECKOUT / "requirements.lock")
        _run(*pip, "--no-deps", wheel)
        yield environment / "bin/partnerline"


def test_the_wheel_carries_what_runs_and_no_tests(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert not [n for n in names if n.startswith(("tests/", "benchmarks/", "docs/"))]
    for needed in (
        "config/program/program.toml",
        "config/program/brand.toml",
        "config/program/logo.png",
        "config/start/program.toml",
        "config/start/plans/referral.toml",
        "config/start/pages/program.md",
        "bot/channels/email/templates/mail.html",
        "bot/channels/email/templates/night.css",
        "bot/texts/de/letters.toml",
        "bot/storage/migrations/env.py",
        "bot/readers/builtin/weights/reader.npz",
    ):
        assert needed in names


def test_it_starts_outside_the_checkout_and_stops_on_request(partnerline: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="pld-") as folder:
        environ = _environment(Path(folder))
        process = subprocess.Popen(
            [str(partnerline), "serve"],
            cwd=folder,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        try:
            link = _console_link(process)
            browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
            with browser.open(link, timeout=10) as page:
                assert page.status == 200
        finally:
            process.send_signal(signal.SIGINT)
            rest, _ = process.communicate(timeout=60)
        assert process.returncode == 0, rest


def test_it_reads_a_mail_without_a_database(partnerline: Path) -> None:
    mail = "From: a@b.example\nTo: partners@lumora.example\nSubject: Hello\n\nWhat tier are we?\n"
    with tempfile.TemporaryDirectory(prefix="pld-") as folder:
        done = _run(partnerline, "read", "-", cwd=folder, env=_environment(Path(folder)), input=mail)
    assert "ask_tier" in done.stdout


def _environment(folder: Path) -> dict[str, str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PARTNERLINE_", "DATABASE_URL", "PYTHON"))
    }
    ports = {f"PARTNERLINE_{name}_PORT": "0" for name in ("SMTP", "HTTP", "CONSOLE")}
    return kept | ports | {"PARTNERLINE_DATA_DIR": str(folder / "data"), "COLUMNS": "200", "NO_COLOR": "1"}


def _console_link(process: subprocess.Popen[str]) -> str:
    deadline = time.monotonic() + 90
    said = ""
    while time.monotonic() < deadline:
        line = process.stdout.readline() if process.stdout else ""
        if not line and process.poll() is not None:
            break
        said += line
        if found := re.search(r"http://127\.0\.0\.1:\d+/\?token=[\w-]+", line):
            return found[0]
    pytest.fail(f"no console link was printed:\n{said}")
