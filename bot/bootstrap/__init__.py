"""The composition root: the one place that chooses who provides what, from the settings."""

from bot.bootstrap.application import Application, application
from bot.bootstrap.channel_parts import channel_desk
from bot.bootstrap.edge import smtp_certificate, smtp_edge
from bot.bootstrap.moment import now, today
from bot.bootstrap.office import Office, office
from bot.bootstrap.opening import erase_everything, storage
from bot.bootstrap.slack import Slack
from bot.bootstrap.understanding import make_builtin, make_reader, read_program, read_programs, shipped_intents

__all__ = [
    "Application",
    "Office",
    "Slack",
    "application",
    "channel_desk",
    "erase_everything",
    "make_builtin",
    "make_reader",
    "now",
    "office",
    "read_program",
    "read_programs",
    "shipped_intents",
    "smtp_certificate",
    "smtp_edge",
    "storage",
    "today",
]
