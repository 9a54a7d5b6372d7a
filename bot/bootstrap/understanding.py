"""What reads: the program with its catalogue, and the reader the settings ask for."""

from __future__ import annotations

import logging
from functools import lru_cache
from importlib.util import find_spec
from threading import Lock
from typing import TYPE_CHECKING

from bot.bootstrap.moment import now
from bot.ports import Reader
from bot.readers.builtin.linear import load_arrays
from bot.readers.builtin.own import Correction, OwnMessages, OwnWeightsError, load_own, mark_of
from bot.readers.builtin.reader import WEIGHTS, BuiltinReader
from bot.readers.choice import Mode, choose_reader
from bot.readers.finer.reader import FinerReader
from bot.texts.own import text_faults
from bot.vocabulary.announcing import AnnouncementText
from bot.vocabulary.requests import ACTING
from config.errors import ConfigError
from config.settings import Settings
from knowledge.loading import load_programs
from knowledge.program import Product, Program
from knowledge.programs import Programs

if TYPE_CHECKING:
    from bot.announcements.translations.translating import Translator
    from bot.readers.model.connect import ModelConnection
    from bot.readers.model.settings import ModelSettings

log = logging.getLogger(__name__)


def read_programs(settings: Settings) -> Programs:
    """Every version of the operator's program, or of the sample one. Raises `ProgramError` with every fault."""
    return load_programs(settings.program_folder, text_faults)


def read_program(settings: Settings) -> Program:
    """The version that holds today. Raises `ProgramError` with every fault."""
    return read_programs(settings).at(now())


def shipped_intents() -> tuple[tuple[str, ...], str]:
    """The labels of the shipped intents in their order, and the mark of the shipped weights."""
    labels = load_arrays(WEIGHTS)["intents.labels"]
    return tuple(str(label) for label in labels), mark_of(sorted(WEIGHTS.parent.glob("*.npz")))


def own_messages(settings: Settings) -> OwnMessages | None:
    """What the vendor's own messages taught; None where nothing was learned, or where it cannot be used."""
    file = settings.own_weights_file
    if not file.is_file():
        if settings.own_weights:
            log.warning("own_weights: %s is not there; the reader works without it", file)
        return None
    try:
        return load_own(file, *shipped_intents(), acting=ACTING)
    except OwnWeightsError as fault:
        log.warning("own_weights: %s; the reader works without it until you run `partnerline train` again", fault)
        return None


def make_builtin(catalogue: tuple[Product, ...], own: Correction) -> Reader:
    """The built-in reader with a correction that is still being learned."""
    return BuiltinReader(catalogue, own=own)


def make_finer(inner: Reader) -> Reader:
    """The reader that the agent uses: whatever `inner` reads, said more exactly than the labels do."""
    return FinerReader(inner)


def make_reader(settings: Settings, catalogue: tuple[Product, ...]) -> Reader:
    """The built-in reader, with the model beside it where the settings ask for one."""
    builtin = BuiltinReader(catalogue, own=own_messages(settings))
    mode = Mode(settings.reader)
    if mode is Mode.BUILTIN:
        return builtin
    connection = _model(settings, f"reader: `{mode.value}`")
    return choose_reader(mode, builtin, connection.reader(catalogue))


def make_translator(settings: Settings) -> Translator | None:
    """What proposes translations of announcements; None where the settings name no model, or the extra `model` is not
    installed. Its libraries are loaded when it is asked first: most commands never do.
    """
    if not settings.model_url or find_spec("langchain_openai") is None:
        return None
    return _TranslatorOnDemand(settings)


class _TranslatorOnDemand:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._connected: Translator | None = None

    def translate(self, text: AnnouncementText, into: str) -> AnnouncementText:
        with self._lock:
            connected = self._connected or _model(self._settings, "model_url").translator()
            self._connected = connected
        return connected.translate(text, into)


def _model(settings: Settings, wanted_by: str) -> ModelConnection:
    """The endpoint, the same for all of this process. Needs the extra `model`, which nothing else does."""
    try:
        from bot.readers.model.settings import ModelSettings  # noqa: PLC0415

        return _connection(
            ModelSettings(
                settings.model_url,
                settings.model_name,
                settings.model_key.get_secret_value(),
                seconds=settings.model_timeout_s,
                calls_per_day=settings.model_daily_budget,
            )
        )
    except ModuleNotFoundError as fault:
        raise ConfigError(
            (f"{wanted_by} needs {fault.name}; install it with: pip install 'partnerline[model]'",)
        ) from fault


@lru_cache(maxsize=1)
def _connection(chosen: ModelSettings) -> ModelConnection:
    from bot.readers.model.connect import connection_to  # noqa: PLC0415

    return connection_to(chosen, lambda: now().date())
