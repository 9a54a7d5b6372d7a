"""Importing partners and their people who are in HubSpot already: shown first, then made ours there."""

from crm.adapters.hubspot.importing.found import Findings, FoundPartner, FoundPerson, Terms
from crm.adapters.hubspot.importing.importer import Importer

__all__ = ["Findings", "FoundPartner", "FoundPerson", "Importer", "Terms"]
