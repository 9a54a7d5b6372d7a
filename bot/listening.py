"""The addresses that a start listens on, and what is said where one cannot be had."""

from __future__ import annotations

import errno
import os
import socket

from config import Settings

_TAKEN = {errno.EADDRINUSE, errno.EACCES}


class PortTaken(Exception):
    """A listener could not be had; the message names the setting to change."""


def port_taken(setting: str, host: str, port: int, fault: OSError) -> PortTaken:
    """What is told of the fault; `setting` is the port's, as in `Settings`."""
    why = os.strerror(fault.errno) if fault.errno else fault
    return PortTaken(
        f"cannot listen on {host}:{port} ({why}); stop what uses the port, "
        f"or choose another with PARTNERLINE_{setting.upper()}"
    )


def check_ports(settings: Settings) -> None:
    """Raises PortTaken where a configured port is in use or not allowed: told before a start that may take minutes.

    Only what is certain is told: any other fault, such as of a host's name, shows when the listener opens.
    """
    for setting, host, port in (
        ("http_port", settings.http_host, settings.http_port),
        ("console_port", settings.console_host, settings.console_port),
        ("smtp_port", settings.smtp_host, settings.smtp_port),
    ):
        if port:
            _check(setting, host, port)


def _check(setting: str, host: str, port: int) -> None:
    try:
        _bind(host, port)
    except OSError as fault:
        if fault.errno in _TAKEN:
            raise port_taken(setting, host, port, fault) from fault


def _bind(host: str, port: int) -> None:
    """Takes the address as a listener would and lets it go; nobody can connect meanwhile."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if tried.family == socket.AF_INET6:
            tried.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        tried.bind((host, port))
