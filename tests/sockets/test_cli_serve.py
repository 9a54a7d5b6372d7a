"""`partnerline serve` as a process of its own: starts, works, stops, starts again, and is told when it cannot."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import psutil
import pytest
from pydantic import SecretStr

from bot.bootstrap import application
from bot.listening import PortTaken
from bot.serve import running
from bot.storage.postgres import stop_embedded
from config import Settings
from tests.sockets.commands import called

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

MAIL = """\
From: Aoife Brannigan <aoife@quaywise.example>
To: partners@lumora.example
Subject: Our tier
Message-ID: <cli-1@quaywise.example>

Hello,

what are we still missing for the next tier?
"""


@pytest.fixture
def installation() -> Iterator[dict[str, str]]:
    """An environment with a data folder and free ports of its own; the folder's path is short for its socket."""
    folder = Path(tempfile.mkdtemp(prefix="pls-", dir="/tmp"))
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL" and "PARTNERLINE" not in name}
    ports = {f"PARTNERLINE_{name}_PORT": "0" for name in ("SMTP", "HTTP", "CONSOLE")}
    yield kept | ports | {"PARTNERLINE_DATA_DIR": str(folder)}
    stop_embedded(folder)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def migrated(installation: dict[str, str], database: str) -> dict[str, str]:
    """The installation with a database of its own that has every table already: not a first start."""
    return installation | {"DATABASE_URL": database}


class Serving:
    """A running `serve` or `worker`, and what it printed."""

    def __init__(self, environment: dict[str, str], command: str = "serve") -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", command],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip
        self._reading = threading.Thread(target=self._read)
        self._reading.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        self.lines.extend(self.process.stdout)

    @property
    def out(self) -> str:
        return "".join(self.lines)

    def wait_until_up(self, text: str = "Ctrl-C stops it") -> None:
        end = time.monotonic() + 120
        while text not in self.out:
            assert self.process.poll() is None, self.process.communicate()[1]
            assert time.monotonic() < end, self.out
            time.sleep(0.1)

    def port(self, scheme: str, row: str) -> int:
        found = re.search(rf"{row} +{scheme}://127\.0\.0\.1:(\d+)", self.out)
        assert found is not None, self.out
        return int(found[1])

    def stop(self, number: signal.Signals) -> tuple[int, str]:
        self.process.send_signal(number)
        self.process.wait(60)
        self._reading.join()
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        with self.process.stdout, self.process.stderr:
            return self.process.returncode, self.process.stderr.read()


def partnerline(environment: dict[str, str], *words: str, given: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", *words]
    return subprocess.run(
        command,
        env=environment,
        capture_output=True,
        text=True,
        input=given,
        timeout=120,
        check=False,
        encoding="utf-8",
    )


def status(address: str) -> int:
    """Of the page, fetched as a browser does: with cookies, through redirects; no proxy is asked."""
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(), urllib.request.ProxyHandler({}))
    with browser.open(address, timeout=20) as page:
        return int(page.status)


def test_it_starts_works_stops_and_finds_its_data_again(installation: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "mail.eml").write_text(MAIL)
    first = Serving(installation)
    first.wait_until_up()
    try:
        link = re.search(r"http://127\.0\.0\.1:\d+/\?token=\S+", first.out)
        assert link is not None
        assert status(link[0]) == 200
        assert status(f"http://127.0.0.1:{first.port('http', 'Public web')}/health") == 200
        assert "written just now" in first.out
        sent = partnerline(
            installation, "send", str(tmp_path / "mail.eml"), "--to", f"127.0.0.1:{first.port('smtp', 'Mail in')}"
        )
        assert sent.returncode == 0, sent.stdout + sent.stderr
        number = re.search(r"registrations approve (D-\d+)", first.out)
        assert number is not None
        accepted = partnerline(installation, "registrations", "approve", number[1])
        assert f"{number[1]} accepted by" in accepted.stdout
        assert "no worker runs" not in accepted.stdout
        assert partnerline(installation, "doctor").returncode == 0
        refused = partnerline(installation, "reset", "--yes")
        assert refused.returncode == 1
        assert "stop `partnerline serve`" in refused.stderr
    finally:
        code, err = first.stop(signal.SIGINT)
    assert code == 0, err
    assert first.lines[-1] == "stopped\n"
    assert "Traceback" not in err
    assert not (Path(installation["PARTNERLINE_DATA_DIR"]) / "pg" / "postmaster.pid").exists()

    second = Serving(installation)
    second.wait_until_up()
    code, err = second.stop(signal.SIGTERM)
    assert code == 0, err
    assert "written just now" not in second.out
    assert link[0].partition("token=")[2] in second.out

    assert "approved already" in partnerline(installation, "registrations", "approve", number[1]).stderr
    kept = partnerline(installation, "reset", given="n\n")
    assert "nothing was deleted" in kept.stdout
    gone = partnerline(installation, "reset", given="y\n")
    assert gone.returncode == 0, gone.stderr
    assert not (Path(installation["PARTNERLINE_DATA_DIR"]) / "pg").exists()


def test_a_port_in_use_is_told_with_its_setting(installation: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        shown = partnerline(installation | {"PARTNERLINE_SMTP_PORT": port}, "serve")
    assert shown.returncode == 2
    assert f"127.0.0.1:{port}" in shown.stderr
    assert "PARTNERLINE_SMTP_PORT" in shown.stderr
    assert "Traceback" not in shown.stderr
    assert not (Path(installation["PARTNERLINE_DATA_DIR"]) / "pg").exists(), "told before anything was written"


@pytest.mark.parametrize("name", ["http", "console", "smtp"])
async def test_a_port_taken_while_the_agent_starts_is_told_too(name: str, database: str, tmp_path: Path) -> None:
    ports = dict.fromkeys(("http_port", "console_port", "smtp_port"), 0)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        wanted = ports | {f"{name}_port": port}
        settings = Settings(data_dir=tmp_path, database_url=SecretStr(database)).model_copy(update=wanted)
        async with application(settings) as made:
            with pytest.raises(PortTaken, match=rf"127\.0\.0\.1:{port} .*PARTNERLINE_{name.upper()}_PORT"):
                await AsyncExitStack().enter_async_context(running(made))


def test_a_production_start_does_not_need_slacks_answer_but_its_workspace(migrated: dict[str, str]) -> None:
    production = migrated | {
        "PARTNERLINE_PROFILE": "production", "PARTNERLINE_MAIL_DOMAIN": "lumora.example",
        "PARTNERLINE_TRUSTED_AUTHSERV_ID": "mx.lumora.example",
        "PARTNERLINE_SLACK_BOT_TOKEN": "xoxb-none", "PARTNERLINE_SLACK_SIGNING_SECRET": "signing-secret",
        "PARTNERLINE_SLACK_API_URL": "http://127.0.0.1:1/api/", "PARTNERLINE_LOG_FORMAT": "json",
    }  # fmt: skip
    unnamed = partnerline(production, "serve")
    assert unnamed.returncode == 1
    assert "PARTNERLINE_SLACK_TEAM_ID" in unnamed.stderr
    assert "Traceback" not in unnamed.stderr
    named = Serving(production | {"PARTNERLINE_SLACK_TEAM_ID": "T0LUMORA"})
    named.wait_until_up()
    code, err = named.stop(signal.SIGTERM)
    assert code == 0, err
    assert "workspace T0LUMORA" in named.out
    assert '"level": "warning"' in err
    assert "Slack does not answer" in err


def test_a_worker_delivers_what_waits_and_listens_on_no_port(
    migrated: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in migrated.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "partners.csv").write_text(
        "partner;types;tier;contact_name;contact_email\nQuaywise;referral;Elite;Aoife;aoife@quaywise.example\n"
    )
    (tmp_path / "news.md").write_text("Quiet hours: ignore\n\n# News\n\nWill you join?\n")
    assert called("partners", "import", tmp_path / "partners.csv")[0] == 0
    _, sent, err = called("announce", tmp_path / "news.md", "--segment", "all", "--yes")
    assert "no worker runs now" in sent, err
    worker = Serving(migrated, "worker")
    worker.wait_until_up(text="a worker runs on")
    try:
        assert not [c for c in psutil.Process(worker.process.pid).net_connections("inet") if c.status == "LISTEN"]
        end = time.monotonic() + 60
        while not re.search(r"│ sent +│.*everyone +│ 1 +│", called("announcements", "list")[1]):
            assert time.monotonic() < end
            time.sleep(0.2)
    finally:
        code, err = worker.stop(signal.SIGTERM)
    assert code == 0, err
