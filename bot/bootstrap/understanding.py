"""What reads: the program with its catalogue, and the reader the settings ask for."""

from __future__ import annotations

from bot.bootstrap.moment import now
from bot.ports import Reader
from bot.readers.builtin.reader import BuiltinReader
from bot.readers.choice import Mode, choose_reader
from config.errors import ConfigError
from config.settings import Settings
from knowledge.loading import load_program
from knowledge.program import Product, Program


def read_program(settings: Settings) -> Program:
    """The operator's program, or the sample one. Raises `ProgramError` with every fault."""
    return load_program(settings.program_folder)


def make_reader(settings: Settings, catalogue: tuple[Product, ...]) -> Reader:
    """The built-in reader, with the model beside it where the settings ask for one."""
    builtin = BuiltinReader(catalogue)
    mode = Mode(settings.reader)
    if mode is Mode.BUILTIN:
        return builtin
    # The extra `model` is needed from here on and nowhere else.
    try:
        from bot.readers.model.connect import connect_model  # noqa: PLC0415
        from bot.readers.model.settings import ModelSettings  # noqa: PLC0415
    except ModuleNotFoundError as fault:
        raise ConfigError(
            (f"reader: `{mode.value}` needs {fault.name}; install it with: pip install 'partnerline[model]'",)
        ) from fault

    chosen = ModelSettings(
        settings.model_url,
        settings.model_name,
        settings.model_key.get_secret_value(),
        seconds=settings.model_timeout_s,
        calls_per_day=settings.model_daily_budget,
    )
    return choose_reader(mode, builtin, connect_model(chosen, catalogue, lambda: now().date()))
