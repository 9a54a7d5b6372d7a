"""`partnerline read`: what is read from a mail, as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.bootstrap import make_reader, read_program
from bot.channels.email.incoming import to_message
from bot.channels.email.own import own_addresses
from bot.cli.given import settings_of
from bot.cli.given_times import dated, moment_in
from bot.cli.mail_files import parsed, raw_mail
from bot.cli.running import told
from bot.steps.understand import understand
from bot.vocabulary.message import Message, ThreadContext
from bot.vocabulary.requests import Reading, labelled
from config import Settings
from mail_ingest.authentication.proof import SenderProof
from mail_ingest.envelope import Envelope
from mail_ingest.parse import ParsedMail

app = typer.Typer(add_completion=False, rich_markup_mode="rich")


@app.command()
def read(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE.eml|-", help="A mail with its headers; - is standard input.")],
    received: Annotated[
        str, typer.Option(metavar="TIME", help="When it came, such as 2026-11-26T09:30+01:00; else its Date header.")
    ] = "",
) -> None:
    """Show what is read from a mail, as JSON: visible text, language, requests with their fields, automatic or not.

    Nothing is looked up or stored, and no database is needed. Days such as "tomorrow" are counted from when it came.

    [bold]Examples[/bold]

    [cyan]partnerline read mail.eml[/cyan]

    [cyan]cat mail.eml | partnerline read - --received 2026-11-26T09:30+01:00[/cyan]
    """
    settings = settings_of(context)
    with told():
        found = _reading(settings, file, received)
    typer.echo(json.dumps(found, ensure_ascii=False, indent=2))


def _reading(settings: Settings, file: Path, received: str) -> dict[str, Any]:
    program = read_program(settings)
    own = own_addresses(program.vendor, settings.mail_domain).addresses
    raw = raw_mail(file)
    mail = parsed(raw, file, own)
    envelope = Envelope(mail.single_from, (), "", "", raw, moment_in(received) or dated(mail))
    message = to_message(envelope, mail, inbox_id="", proof=SenderProof("", "read from a file"), own_addresses=own)
    return _told(mail, message, understand(message, ThreadContext(), make_reader(settings, program.products)))


def _told(mail: ParsedMail, message: Message, reading: Reading) -> dict[str, Any]:
    return {
        "sender": message.sender.address,
        "sender_name": message.sender.name,
        "subject": mail.subject,
        "received": message.received_at.isoformat(),
        "automatic": message.automatic,
        "language": reading.language,
        "visible_text": message.text,
        "cut_off": bool(message.cut_off.strip()),
        "forwarded_text": message.forwarded,
        "attachments": [attachment.name for attachment in message.attachments],
        "requests": [labelled(request) for request in reading.requests],
        "answer_expected": reading.answer_expected,
        "reader": reading.reader,
    }
