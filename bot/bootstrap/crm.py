"""The CRM that the settings ask for, with its own tables at this version."""

from __future__ import annotations

from collections.abc import Mapping

from bot.storage.contents import StoredContents
from bot.storage.database import Database
from config.checks import listed
from config.settings import Settings
from crm.adapters import hubspot
from crm.adapters.hubspot.options import DEFAULT_STAGES, AttributionWay, HubSpotOptions
from crm.connect import Surroundings, connect
from crm.ports import CrmPort
from crm.records import Stage

_NONE = "none"


async def connected_crm(settings: Settings, database: Database) -> CrmPort:
    """Raises CrmUnavailable where its tables cannot be brought to this version."""
    options = hubspot_options(settings) if settings.crm == "hubspot" else None
    if options is not None:
        await hubspot.migrate(database.engine)
    return connect(settings.crm, Surroundings(database.engine, StoredContents(database), options))


async def prepare_crm(settings: Settings, database: Database) -> None:
    """Make in a HubSpot of the demo what `partnerline crm setup` makes after asking; any other CRM needs nothing.

    Raises CrmRejected with what HubSpot does not take.
    """
    if settings.crm != "hubspot":
        return
    # Only where it is chosen: its client takes a second to load.
    from crm.adapters.hubspot.setup.at_once import set_up_at_once  # noqa: PLC0415

    await set_up_at_once(database.engine, hubspot_options(settings))


def hubspot_options(settings: Settings) -> HubSpotOptions:
    return HubSpotOptions(
        token=settings.hubspot_token.get_secret_value(),
        url=settings.hubspot_url.rstrip("/"),
        version=settings.hubspot_api_version,
        attribution=AttributionWay(settings.hubspot_attribution),
        pipeline=settings.hubspot_pipeline,
        stages=_stages(settings.hubspot_stages),
        intake="" if settings.hubspot_intake.casefold() == _NONE else settings.hubspot_intake,
        burst=settings.hubspot_calls_per_10s,
        searches=settings.hubspot_searches_per_s,
        daily=settings.hubspot_calls_per_day,
        webhook_secrets=settings.hubspot_webhook_secrets,
        public_url=settings.public_url.rstrip("/"),
        threads=settings.workers_concurrency,
        settling=settings.hubspot_settling,
    )


def _stages(text: str) -> Mapping[Stage, tuple[str, ...]]:
    """As `config.checks` found it to be well written; stages that are not named stay the standard ones."""
    parts = (part.partition(":") for part in text.split(";") if part.strip())
    return {**DEFAULT_STAGES, **{Stage(stage.strip()): listed(theirs) for stage, _, theirs in parts}}
