"""The doctor's checks of what lies on this machine: settings, program, data folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.bootstrap import now, read_programs, smtp_certificate, today
from config import ConfigError, Settings
from crm.findings import Finding, fault, hint, ok
from knowledge.errors import ProgramError
from knowledge.program import Program
from knowledge.programs import Programs

_SPACE = 1_000_000_000  # bytes
_SOON = timedelta(days=14)
_RENEWAL = timedelta(days=14)  # renewers come before that


def settings(given: Settings) -> Iterator[Finding]:
    """Settings that could be loaded are without a fault; what remains are hints."""
    yield ok("Settings", f"usable, profile {given.profile}")
    for note in given.notes():
        yield hint("Settings", note)


def program(given: Settings) -> Finding:
    """Whether the program can be read, and its time zone is known to this machine; and a version that holds soon."""
    try:
        programs = read_programs(given)
        read = programs.at(now())
        ZoneInfo(read.vendor.time_zone)
    except ProgramError as found:
        return fault("Program", str(found), "mend the files named, or leave program_dir empty for the sample program")
    except ZoneInfoNotFoundError:
        return fault("Program", "its time zone is not known here", "install the system's time zone data (tzdata)")
    return _coming(programs) or ok("Program", _in_words(read))


def _coming(programs: Programs) -> Finding | None:
    """The version that comes next, when it is near: desks, timers and the reader take a version at their start."""
    day = today(programs.at(now()))
    near = (p for p in programs.versions if p.valid_from and day < p.valid_from <= day + _SOON)
    found = next(near, None)
    if found is None or found.valid_from is None:
        return None
    said = f"{_in_words(programs.on(day))}; version {found.version} holds from {found.valid_from.isoformat()}"
    return hint("Program", said, "start the agent again on that day; answers on plans and rates need no restart")


def certificate(given: Settings) -> Finding:
    """The certificate of incoming mail, and for how long it is still good."""
    if given.smtp_tls == "off":
        return ok("Incoming TLS", "off: mail comes unencrypted, which is fine from a mail server beside the agent")
    try:
        found = smtp_certificate(given)
    except ConfigError as faulty:
        return fault("Incoming TLS", "; ".join(faulty.faults), "mend the files named")
    expires = found.expires if found else now()
    said = f"{given.smtp_tls}, the certificate is valid until {expires:%Y-%m-%d}"
    if expires - now() < _RENEWAL:
        return hint("Incoming TLS", said, "renew it; a running agent takes up the new files by itself")
    return ok("Incoming TLS", said)


def _in_words(read: Program) -> str:
    version = f" {read.version}" if read.version else ""
    return (
        f"{read.vendor.name}{version}: {len(read.tiers)} tiers, {len(read.plans)} plans, {len(read.managers)} managers"
    )


def data_folder(given: Settings) -> Finding:
    """The folder of the embedded database; with DATABASE_URL it is not needed."""
    folder = given.data_dir
    if given.database_url.get_secret_value():
        return ok("Data folder", "not used: the data are in DATABASE_URL")
    there = next((f for f in (folder, *folder.parents) if f.exists()), None)
    if there is None or not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        return fault(
            "Data folder", f"{folder} cannot be written", "set PARTNERLINE_DATA_DIR to a folder you may write to"
        )
    free = shutil.disk_usage(there).free
    if free < _SPACE:
        return hint("Data folder", f"{folder} has only {free // 1_000_000} MB left", "make room on that disk")
    return ok("Data folder", f"{folder}, {free / 1e9:,.0f} GB free")
