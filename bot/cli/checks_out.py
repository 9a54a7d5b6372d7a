"""The doctor's checks of what is reached over the network: relay, DNS, model."""

from __future__ import annotations

import asyncio

import aiohttp
from aiosmtplib import SMTP
from aiosmtplib.errors import SMTPException

from bot.bootstrap import make_reader, read_program
from config import ConfigError, Settings
from crm.findings import Finding, fault, ok
from knowledge.errors import ProgramError
from mail_ingest.authentication.dns import DnsUnavailable
from mail_ingest.authentication.resolver import SystemDns

_SECONDS = 10.0
_DNS_SECONDS = 3.0


async def relay(given: Settings) -> Finding:
    """Connects and logs in; nothing is sent."""
    if not given.relay_host:
        return ok("Relay", "not configured: answers by mail are kept")
    where = f"{given.relay_host}:{given.relay_port}"
    client = SMTP(
        hostname=given.relay_host,
        port=given.relay_port,
        username=given.relay_user or None,
        password=given.relay_password.get_secret_value() or None,
        use_tls=given.relay_tls == "tls",
        start_tls=given.relay_tls == "starttls",
        timeout=_SECONDS,
    )
    try:
        await client.connect()
        await client.quit()
    except (SMTPException, OSError) as found:
        return fault("Relay", f"{where}: {found}", "correct relay_host, relay_port, relay_tls or the login")
    finally:
        client.close()
    return ok("Relay", f"{where} answers{' and takes the login' if given.relay_user else ''}")


async def senders(given: Settings) -> Finding:
    """What proves senders of mail; our own check needs a DNS that answers."""
    if given.profile == "demo":
        return ok("Senders", "not checked: the demo profile trusts mail from this machine")
    if given.sender_check == "header":
        return ok("Senders", f"by the verdict of {given.trusted_authserv_id}, in mail from {given.trusted_peers}")
    servers = given.dns_servers or "this machine's DNS servers"
    try:
        dns = SystemDns(given.dns_hosts)
        await asyncio.to_thread(dns.look_up, given.mail_domain.lower(), "MX", _DNS_SECONDS)
    except DnsUnavailable as found:
        return fault("Senders", f"own check, but {servers}: {found}", "mend this machine's DNS, or set dns_servers")
    return ok("Senders", f"by our own check of SPF, DKIM and DMARC; answered by {servers}")


async def model(given: Settings) -> Finding:
    """The extra is installed, and the endpoint answers and knows the key; no text is sent."""
    if given.reader == "builtin":
        return ok("Reader", "the built-in reader; no model is used")
    try:
        make_reader(given, read_program(given).products)
    except ConfigError as found:
        return fault("Model", "; ".join(found.faults), "install the extra `model`, or set reader to `builtin`")
    except ProgramError:
        return fault("Model", "not checked: the program cannot be read", "mend the program first")
    return await _endpoint(given)


async def _endpoint(given: Settings) -> Finding:
    key = given.model_key.get_secret_value()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    address = f"{given.model_url.rstrip('/')}/models"
    try:
        timeout = aiohttp.ClientTimeout(total=_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(address, headers=headers) as answer:
            status = answer.status
    except (aiohttp.ClientError, TimeoutError, OSError) as found:
        said = f"{given.model_url}: {type(found).__name__}; the built-in reader does the work meanwhile"
        return fault("Model", said, "start the endpoint, or correct model_url")
    if status in (401, 403):
        return fault("Model", f"{given.model_url} refuses the key ({status})", "correct model_key")
    return ok("Model", f"{given.model_name} at {given.model_url} answers")
