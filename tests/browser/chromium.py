"""Finds a Chromium on this machine and says how it is started; nothing is ever downloaded."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
)

WHY_NOT = "no Chromium on the PATH; install one (Debian: apt-get install chromium) or name it in PARTNERLINE_CHROMIUM"


def executable() -> str | None:
    """The browser named in PARTNERLINE_CHROMIUM, else the first one on the PATH."""
    named = os.environ.get("PARTNERLINE_CHROMIUM")
    if named:
        return shutil.which(named)
    return next((path for path in map(shutil.which, NAMES) if path), None)
