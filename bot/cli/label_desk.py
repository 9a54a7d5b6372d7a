"""Where messages are labelled one after the other: what is there already is passed over, what is right is added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import typer

from bot.cli.faults import UNUSABLE, Fault
from bot.cli.label_dialogue import Choice, Labels, Shown, put_before
from bot.cli.screen import moment, printable, say
from bot.evaluation.cases import CasesError, Wanted
from bot.evaluation.folder import Candidate, LabelFolder
from bot.evaluation.label_form import FormError, requests_in
from bot.evaluation.labelling import answer_due, faults_of
from bot.evaluation.mails import mail_text
from bot.ports import Readable, Reader
from bot.vocabulary.requests import labelled
from knowledge.program import Program


class Desk:
    """The program's products may be named in labels."""

    def __init__(self, folder: LabelFolder, reader: Reader, program: Program) -> None:
        self._folder = folder
        self._reader = reader
        self._products = [product.name for product in program.products]
        self._vendor = program.vendor

    def label_one(self, candidate: Candidate, lines: Sequence[str], answer: bool | None) -> None:
        """Without asking. Raises Fault with everything that is wrong with the labels."""
        candidate, readable = self._read(candidate)
        try:
            requests = requests_in(lines)
        except FormError as fault:
            raise Fault(str(fault), "docs/evaluation.md tells how labels are written", UNUSABLE) from fault
        if wrong := list(self._faults(candidate, readable, requests)):
            raise Fault("; ".join(wrong), "docs/evaluation.md tells how labels are written", UNUSABLE)
        if candidate.note:
            say((printable(candidate.note), "yellow"))
        name = self._add(candidate, readable, Labels(requests, answer))
        say(f"added as {name}; the folder has {len(self._folder)}" if name else self._known(candidate))

    def go_through(self, candidates: Sequence[Candidate]) -> None:
        """One after the other, until all are done or somebody ends it."""
        new = [candidate for candidate in candidates if self._folder.name_of(candidate) is None]
        known = len(candidates) - len(new)
        if known:
            say((f"{known} of {len(candidates)} are in the folder already", "dim"))
        added = 0
        try:
            for number, candidate in enumerate(new, 1):
                choice = self._ask(candidate, number, len(new))
                if choice is Choice.QUIT:
                    break
                added += choice is None
        except typer.Abort as fault:
            if not added:
                fix = 'label in a terminal, or one message at a time with --set "REQUEST"'
                raise Fault("nobody answered; nothing was added", fix, UNUSABLE) from fault
            say("")
        say(f"{added} added; the folder has {len(self._folder)} labelled messages")

    def _ask(self, candidate: Candidate, number: int, total: int) -> Choice | None:
        """None where the message is in the folder now."""
        candidate, readable = self._read(candidate)
        about = [candidate.channel, candidate.language, candidate.sender, moment(candidate.received, self._vendor)]
        if candidate.in_reply_to:
            about.append(f"answers {candidate.in_reply_to} {', '.join(candidate.asked)}".strip())
        shown = Shown(
            f"{number} of {total}  {' · '.join(part for part in about if part)}",
            candidate.note,
            "\n".join([_said(readable), *(f"[file] {name}" for name in readable.attachments)]).strip(),
            candidate.requests or (),
        )
        chosen = put_before(shown, _line, lambda requests: self._faults(candidate, readable, requests))
        if isinstance(chosen, Choice):
            return chosen
        name = self._add(candidate, readable, chosen)
        say((f"  added as {name}" if name else f"  {self._known(candidate)}", "green"))
        return None if name else Choice.SKIP

    def _known(self, candidate: Candidate) -> str:
        name = self._folder.name_of(candidate)
        return f"the folder has this message already, as {name}; to correct its labels, edit that line of cases.jsonl"

    def _faults(self, candidate: Candidate, readable: Readable, requests: Sequence[Wanted]) -> Iterator[str]:
        return faults_of(requests, _said(readable), candidate.received, self._products)

    def _add(self, candidate: Candidate, readable: Readable, labels: Labels) -> str | None:
        intents = {request.intent for request in labels.requests}
        due = labels.answer_expected
        if due is None:
            as_read = {request["intent"] for request in candidate.requests or ()} == intents
            due = answer_due(intents, readable.addressed, candidate.answer_expected if as_read else None)
        try:
            return self._folder.add(candidate, labels.requests, answer_expected=due)
        except (OSError, CasesError) as fault:
            raise Fault(f"the message was not added: {printable(str(fault))}", "mend that, then go on") from fault

    def _read(self, candidate: Candidate) -> tuple[Candidate, Readable]:
        """The message with what is read from it, where that is not known yet."""
        readable = candidate.readable(mail_text)
        if candidate.requests is not None and candidate.language:
            return candidate, readable
        reading = self._reader.read(readable)
        read = candidate.requests
        return replace(
            candidate,
            language=candidate.language or reading.language or "en",
            requests=tuple(labelled(request) for request in reading.requests) if read is None else read,
            answer_expected=reading.answer_expected if read is None else candidate.answer_expected,
        ), readable


def _said(readable: Readable) -> str:
    """Everything that counts as said."""
    return "\n".join(part for part in (readable.subject, readable.text, readable.forwarded) if part)


def _line(prompt: str) -> str:
    """What is typed. Raises typer.Abort at the end of the input and on Ctrl-C."""
    return str(typer.prompt(prompt, default="", show_default=False, prompt_suffix=""))
