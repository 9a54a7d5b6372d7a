"""The collection that every table of the agent is entered in, and how its constraints and times are written."""

from __future__ import annotations

from sqlalchemy import Column, DateTime, MetaData, func

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def at(name: str, *, default: bool = False) -> Column[object]:
    """A time with its zone: never empty and now where nothing else is said (`default`), else empty until set."""
    return Column(name, DateTime(timezone=True), server_default=func.now() if default else None, nullable=not default)
