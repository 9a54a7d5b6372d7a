"""The embedded CRM: partners and their deals in the PostgreSQL schema `crm`, for who has no other CRM."""

from crm.adapters.embedded.adapter import EmbeddedCrm
from crm.adapters.embedded.migrate import erase, migrate

__all__ = ["EmbeddedCrm", "erase", "migrate"]
