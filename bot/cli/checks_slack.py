"""Looking over Slack, for a command and the doctor: tokens, scopes, how events come, managers and mapped channels."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Sequence

from bot.bootstrap import read_program
from bot.channels.slack.api.calls import slack_client
from bot.channels.slack.api.errors import SlackError
from bot.channels.slack.setup.account import look, socket_finding, token_fault, token_findings
from bot.channels.slack.setup.places import ExpectedChannel, ExpectedManager, Places
from bot.channels.slack.setup.reached import reached
from bot.desk.slack_channels.pauses import WHY
from bot.operations.names import read_names
from bot.storage import slack_channels
from bot.storage.database import Database, StorageError
from bot.storage.migrate import latest_revision, revision
from bot.storage.postgres import PostgresError, find_postgres, release
from bot.storage.slack_channels import Paused
from config import Settings
from crm.findings import Finding, Health, hint, ok
from knowledge.errors import ProgramError


async def slack(given: Settings) -> AsyncIterator[Finding]:
    """Everything, each thing in a line. Only that there is none, where there is no token."""
    token = given.slack_bot_token.get_secret_value()
    if not token:
        yield ok("Slack", "not configured")
        return
    client = slack_client(token, base_url=given.slack_api_url)
    try:
        account = await look(client)
        for finding in token_findings(account, given.slack_team_id):
            yield finding
        async for finding in _ways(given):
            yield finding
        places = Places(client, account.own)
        async for finding in _managers(given, places):
            yield finding
        async for finding in _channels(given, places):
            yield finding
    except SlackError as found:
        yield token_fault(found)


async def slack_in_short(given: Settings) -> AsyncIterator[Finding]:
    """For the doctor: what is fine in one line."""
    findings = [finding async for finding in slack(given)]
    fine = [finding for finding in findings if finding.health is Health.OK]
    if fine:
        more = f"; {len(fine) - 1} more thing(s) as they should be" if len(fine) > 1 else ""
        yield ok("Slack", fine[0].said + more)
    for finding in findings:
        if finding.health is not Health.OK:
            yield finding


async def _ways(given: Settings) -> AsyncIterator[Finding]:
    """How events come: over connections of ours, or to our address."""
    if app_token := given.slack_app_token.get_secret_value():
        yield await socket_finding(slack_client(app_token, base_url=given.slack_api_url))
    if secret := given.slack_signing_secret.get_secret_value():
        async for finding in reached(given.public_url, secret, int(time.time())):
            yield finding


async def _managers(given: Settings, places: Places) -> AsyncIterator[Finding]:
    try:
        managers = read_program(given).managers
    except ProgramError:
        yield hint("Managers", "not checked: the program cannot be read", "mend the program first")
        return
    expected = [ExpectedManager(manager.name, manager.slack_user_id) for manager in managers]
    async for finding in places.managers(expected):
        yield finding
    if given.slack_managers_channel:
        yield await places.managers_channel(given.slack_managers_channel)


async def _channels(given: Settings, places: Places) -> AsyncIterator[Finding]:
    try:
        expected = await _mapped(given)
    except (PostgresError, StorageError):
        yield hint("Channels", "not checked: the database cannot be read", "mend the database first")
        return
    if expected is None:
        yield hint("Channels", "not checked: the database is of another version", "`partnerline serve` migrates it")
        return
    async for finding in places.channels(expected):
        yield finding


async def _mapped(given: Settings) -> Sequence[ExpectedChannel] | None:
    """Nothing where no `serve` ever ran here, None where the tables are not those of this version. Raises PostgresError
    or StorageError.
    """
    external = given.database_url.get_secret_value()
    if not external and not (given.data_dir / "pg" / "PG_VERSION").exists():
        return ()
    postgres = await find_postgres(external, given.data_dir)
    database = Database(postgres, pool_size=1)
    try:
        async with database.begin() as connection:
            if await revision(connection) != latest_revision():
                return None
            names = await read_names(connection)
            found = await slack_channels.every(connection)
    finally:
        await database.aclose()
        await release(postgres, given.data_dir)
    return [
        ExpectedChannel(
            one.channel_id, one.name, names.partner(one.partner_id) or one.partner_id, one.partner_team_id,
            WHY[Paused(one.paused)] if one.paused else "",
        )
        for one in found
    ]  # fmt: skip
