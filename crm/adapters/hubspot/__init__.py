"""HubSpot as the CRM: its records behind `crm.ports.CrmPort`, and what the adapter keeps beside them."""

from crm.adapters.hubspot.migrate import erase, migrate

__all__ = ["erase", "migrate"]
