"""`partnerline send`: hands mails to the SMTP edge, as a partner's mail server would."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from aiosmtplib import SMTP
from aiosmtplib.errors import SMTPException, SMTPRecipientsRefused, SMTPResponseException

from bot.bootstrap import read_program
from bot.channels.email.own import OwnAddresses, own_addresses
from bot.cli.faults import FAILED, UNUSABLE, Fault
from bot.cli.given import settings_of
from bot.cli.mail_files import parsed, raw_mail
from bot.cli.running import run, told
from bot.cli.screen import say
from config import Settings
from mail_ingest.parse import ParsedMail

app = typer.Typer(add_completion=False, rich_markup_mode="rich")

_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where the edge listens everywhere, it is also here


@app.command()
def send(
    context: typer.Context,
    files: Annotated[list[Path], typer.Argument(metavar="FILE.eml...", help="Mails; - is standard input.")],
    to: Annotated[str, typer.Option(metavar="HOST:PORT", help="The SMTP edge; otherwise the configured one.")] = "",
    rcpt: Annotated[
        list[str] | None, typer.Option(metavar="ADDRESS", help="Envelope recipient instead of those in the headers.")
    ] = None,
) -> None:
    """Hand mails to the SMTP edge and say for each what it answered; 250 means it is stored.

    Sender and recipients come from the headers. A mail that names no address of ours goes to the agent's own address,
    so that any sample mail can be tried. Exit code 1 where a mail was not taken.

    [bold]Example[/bold]

    [cyan]partnerline send mails/*.eml --to 127.0.0.1:2525[/cyan]
    """
    settings = settings_of(context)
    host, port = _edge(settings, to)
    with told():
        own = own_addresses(read_program(settings).vendor, settings.mail_domain)
    if run(_send(files, host, port, own, tuple(rcpt or ()))):
        raise typer.Exit(FAILED)


def _edge(settings: Settings, to: str) -> tuple[str, int]:
    host, _, port = to.strip().rpartition(":") if to else (settings.smtp_host, ":", str(settings.smtp_port))
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isdecimal() or not 0 < int(port) < 65_536:
        raise Fault(f"{to or port} names no host and port", "write --to 127.0.0.1:2525", UNUSABLE)
    return _EVERYWHERE.get(host, host), int(port)


async def _send(files: Sequence[Path], host: str, port: int, own: OwnAddresses, rcpt: tuple[str, ...]) -> int:
    """How many were not taken."""
    client = SMTP(hostname=host, port=port, start_tls=False, use_tls=False, timeout=60)
    try:
        await client.connect()
    except (SMTPException, OSError) as fault:
        raise Fault(
            f"no mail server answers at {host}:{port}", "start `partnerline serve`, or name it with --to HOST:PORT"
        ) from fault
    failed = 0
    try:
        for file in files:
            failed += not await _one(client, file, own, rcpt)
    finally:
        client.close()
    return failed


async def _one(client: SMTP, file: Path, own: OwnAddresses, rcpt: tuple[str, ...]) -> bool:
    try:
        raw = raw_mail(file)
        mail = parsed(raw, file, own.addresses)
        recipients = rcpt or _recipients(mail, own)
        if not client.is_connected:
            await client.connect()
        answer = await client.sendmail(_sender(mail), list(recipients), raw)
    except Fault as fault:
        return _line(file, fault.message, taken=False)
    except SMTPRecipientsRefused as fault:
        return _line(file, "; ".join(f"{r.code} {r.message} ({r.recipient})" for r in fault.recipients), taken=False)
    except SMTPResponseException as fault:
        return _line(file, f"{fault.code} {fault.message}", taken=False)
    except (SMTPException, OSError, UnicodeEncodeError) as fault:
        return _line(file, f"it was not sent: {fault}", taken=False)
    return _line(file, f"{answer[1]} to {', '.join(recipients)}", taken=True)


def _sender(mail: ParsedMail) -> str:
    return mail.single_from or next((sender.address for sender in mail.from_addresses), "")


def _recipients(mail: ParsedMail, own: OwnAddresses) -> tuple[str, ...]:
    """Those of the headers that are ours, else the agent's own address."""
    named = dict.fromkeys(address.address for address in (*mail.to, *mail.cc))
    return tuple(address for address in named if own.takes(address)) or (own.author.address,)


def _line(file: Path, said: str, *, taken: bool) -> bool:
    say(("taken    " if taken else "refused  ", "green" if taken else "red"), f"{file}  {said}")
    return taken
