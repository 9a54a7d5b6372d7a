"""What settings must agree on between each other, and hints on what they leave unused."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pydantic import SecretStr

if TYPE_CHECKING:
    from config.settings import Settings

Hints = tuple[str, ...]

LOOPBACK_PEERS = "127.0.0.0/8, ::1"  # only a mail server on this machine

_TOKEN_LENGTH = 16
_SECRET_LENGTH = 32
_DNS_PORT = 53
_LISTENERS = ("smtp_host", "http_host", "console_host")
_OUTSIDE = ("relay_host", "slack_bot_token", "slack_signing_secret", "slack_app_token")
_VERSION = re.compile(r"20\d\d-\d\d")
STAGES = ("qualified", "proposal", "negotiation", "on_hold", "won", "lost")
"""The stages of a deal as `hubspot_stages` calls them; the agent's own (`crm.records.Stage`)."""
_SELECTOR = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,62}[A-Za-z0-9])?")
_DOMAIN = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,62})\.)+[A-Za-z0-9-]{2,63}")
_URLS = ("public_url", "slack_api_url", "model_url", "hubspot_url")
_POSTGRES = ("postgresql", "postgres", "postgresql+psycopg")


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`; a name other than localhost is not trusted to stay here."""
    bare = host.strip().removeprefix("[").removesuffix("]").lower()
    if bare == "localhost":
        return True
    try:
        return ipaddress.ip_address(bare).is_loopback
    except ValueError:
        return False


def listed(text: str) -> tuple[str, ...]:
    """The items of a setting that is written with commas."""
    return tuple(item for part in text.split(",") if (item := part.strip()))


def host_and_port(server: str) -> tuple[str, int]:
    """A DNS server as it is written: an IP address, and a port behind a colon where it is not 53. ValueError else."""
    try:
        return str(ipaddress.ip_address(server.strip())), _DNS_PORT
    except ValueError:
        parts = urlsplit(f"//{server.strip()}")
        if parts.username is not None or parts.path or parts.query or not parts.port:
            raise
        return str(ipaddress.ip_address(parts.hostname or "")), parts.port


def cross_faults(settings: Settings) -> tuple[str, ...]:
    """Every disagreement between settings that are each fine alone."""
    found = (_addresses, _smtp_tls, _peers, _own_check, _relay, _slack, _crm, _model, _console, _billing, _profile)
    return tuple(fault for check in found for fault in check(settings))


def hints(settings: Settings) -> Hints:
    """What an operator may want to know although nothing is wrong."""
    return tuple(_hints(settings))


def _given(settings: Settings, name: str) -> bool:
    value = getattr(settings, name)
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)


def _addresses(settings: Settings) -> Iterator[str]:
    for name in _URLS:
        if _given(settings, name) and not _is_url(getattr(settings, name)):
            yield f"{name}: it is no web address; write one that starts with https:// or http:// and names a host"
    database = settings.database_url.get_secret_value()
    if database and not _is_postgres(database):
        yield "database_url: it is no PostgreSQL address; write postgresql://user:password@host/name, or nothing"
    for name in _LISTENERS:
        if not _given(settings, name):
            yield f"{name}: it is empty, which would listen everywhere; write an address such as 127.0.0.1"
    if "@" in settings.mail_domain or (settings.mail_domain and "." not in settings.mail_domain):
        yield "mail_domain: it is no mail domain; write the part after the @, such as lumora.com"


def _smtp_tls(settings: Settings) -> Iterator[str]:
    if settings.smtp_tls == "off":
        return
    for name, what in (("smtp_tls_cert", "certificate"), ("smtp_tls_key", "private key")):
        if not _given(settings, name):
            yield f"{name}: it is empty although smtp_tls is `{settings.smtp_tls}`; name the PEM file with the {what}"


def _peers(settings: Settings) -> Iterator[str]:
    for peer in listed(settings.trusted_peers):
        try:
            everyone = ipaddress.ip_network(peer, strict=False).prefixlen == 0
        except ValueError:
            yield f"trusted_peers: `{peer[:60]}` is no IP address or network; write such as 10.0.0.25, 10.0.1.0/24"
            continue
        if everyone:
            yield "trusted_peers: it takes in every address there is; name those of your mail server alone"


def _own_check(settings: Settings) -> Iterator[str]:
    for server in listed(settings.dns_servers):
        try:
            host_and_port(server)
        except ValueError:
            yield f"dns_servers: `{server[:60]}` is no IP address; write such as 10.0.0.53 or 10.0.0.53:5353"
    for domain in listed(settings.arc_sealers):
        if not _DOMAIN.fullmatch(domain):
            yield f"arc_sealers: `{domain[:60]}` is no domain; write the d= of its ARC-Seal headers, such as acme.com"
    if settings.sender_check == "own":
        if settings.trusted_authserv_id:
            yield (
                "trusted_authserv_id: it is set although sender_check is `own`, which believes no header; remove it,"
                " or set sender_check to `header`"
            )
        return
    for name in ("arc_sealers", "dns_servers"):
        if _given(settings, name):
            yield f"{name}: it is set although sender_check is `header`; remove it, or set sender_check to `own`"


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _is_postgres(text: str) -> bool:
    try:
        return urlsplit(text).scheme in _POSTGRES
    except ValueError:
        return False


def _relay(settings: Settings) -> Iterator[str]:
    user, password = _given(settings, "relay_user"), _given(settings, "relay_password")
    if (user or password) and not settings.relay_host:
        yield "relay_host: it is empty although a relay login is set; name the relay, or remove the login"
    if user and not password:
        yield "relay_password: it is empty although relay_user is set; set both, or neither"
    if password and not user:
        yield "relay_user: it is empty although relay_password is set; set both, or neither"
    signing = ("dkim_selector", "dkim_key")
    missing = [name for name in signing if not _given(settings, name)]
    if len(missing) == 1:
        yield f"{missing[0]}: it is empty although {_other(signing, missing[0])} is set; set both, or neither"
    if settings.dkim_selector and not _SELECTOR.fullmatch(settings.dkim_selector):
        yield "dkim_selector: it is no selector; write letters, digits, dots and hyphens, such as agent2026"
    if user and settings.relay_tls == "none" and not is_loopback(settings.relay_host):
        yield "relay_tls: `none` would send the relay's password in the clear; use `starttls` or `tls`"


def _slack(settings: Settings) -> Iterator[str]:
    bot, ways = "slack_bot_token", ("slack_signing_secret", "slack_app_token")
    given = [name for name in ways if _given(settings, name)]
    if _given(settings, bot) and not given:
        yield f"{ways[0]}: it is empty although {bot} is set; set it (HTTP), or {ways[1]} (Socket Mode)"
    if given and not _given(settings, bot):
        yield f"{bot}: it is empty although {given[0]} is set; set both, or neither"
    if settings.slack_api_url.startswith("http://") and not is_loopback(_host(settings.slack_api_url)):
        yield "slack_api_url: it would send the token in the clear; write an https address"


def _crm(settings: Settings) -> Iterator[str]:
    chosen = settings.crm == "hubspot"
    if chosen and not _given(settings, "hubspot_token"):
        yield "hubspot_token: it is empty although crm is `hubspot`; set your account's service key"
    if not chosen:
        for name in ("hubspot_token", "hubspot_webhook_secret"):
            if _given(settings, name):
                yield f"{name}: it is set although crm is `embedded`; remove it, or set crm to `hubspot`"
    if not _VERSION.fullmatch(settings.hubspot_api_version):
        yield "hubspot_api_version: it is no version of HubSpot's API; write year and month, such as 2026-03"
    yield from _stages(settings.hubspot_stages)
    if settings.hubspot_url.startswith("http://") and not is_loopback(_host(settings.hubspot_url)):
        yield "hubspot_url: it would send the token in the clear; write an https address"


def _stages(text: str) -> Iterator[str]:
    for part in text.split(";"):
        stage, colon, theirs = (piece.strip() for piece in part.partition(":"))
        if part.strip() and (not colon or stage not in STAGES or not listed(theirs)):
            yield (
                f"hubspot_stages: `{part.strip()[:60]}` names no stage; write one of {', '.join(STAGES)}, a colon and"
                " HubSpot's stages, with a semicolon before the next"
            )


def _model(settings: Settings) -> Iterator[str]:
    names = ("model_url", "model_name")
    missing = [name for name in names if not _given(settings, name)]
    if settings.reader != "builtin":
        for name in missing:
            yield f"{name}: it is empty although reader is `{settings.reader}`; set it, or set reader to `builtin`"
    elif len(missing) == 1:
        yield f"{missing[0]}: it is empty although {_other(names, missing[0])} is set; set both, or neither"


def _other(names: tuple[str, str], name: str) -> str:
    return names[1] if name == names[0] else names[0]


def _console(settings: Settings) -> Iterator[str]:
    if settings.console_host and not is_loopback(settings.console_host):
        yield "console_host: the console never listens beyond this machine; use 127.0.0.1, and a tunnel to it"
    token = settings.console_token.get_secret_value()
    if token and len(token) < _TOKEN_LENGTH:
        yield f"console_token: it is shorter than {_TOKEN_LENGTH} characters; use a longer one, or leave it empty"
    ports = (settings.smtp_port, settings.http_port, settings.console_port)
    fixed = [port for port in ports if port]
    if len(set(fixed)) < len(fixed):
        yield "smtp_port, http_port, console_port: two of them are the same; give each its own"


def _billing(settings: Settings) -> Iterator[str]:
    secrets = settings.invoice_webhook_secrets
    if any(len(secret) < _SECRET_LENGTH for secret in secrets):
        yield f"invoice_webhook_secret: it is too short; write {_SECRET_LENGTH} random characters or more"


def _profile(settings: Settings) -> Iterator[str]:
    if settings.profile == "production":
        if not settings.mail_domain:
            yield "mail_domain: it is empty; production needs the domain mail comes from, such as lumora.com"
        yield from _proof(settings)
        return
    here = is_loopback(_host(settings.slack_api_url))
    for name in _OUTSIDE:
        if _given(settings, name) and not (here and name.startswith("slack_")):
            yield f"{name}: the demo profile takes no outside service; remove it, or set profile to `production`"
    if settings.crm == "hubspot" and not is_loopback(_host(settings.hubspot_url)):
        yield (
            "crm: the demo profile takes no outside CRM; set it to `embedded`, point hubspot_url to a HubSpot on this"
            " machine, or set profile to `production`"
        )
    for name in ("smtp_host", "http_host"):
        if _given(settings, name) and not is_loopback(getattr(settings, name)):
            yield f"{name}: the demo profile stays on this machine; use 127.0.0.1, or set profile to `production`"


def _proof(settings: Settings) -> Iterator[str]:
    """Without these no partner is ever known for certain, or anybody who reaches the port is."""
    if settings.sender_check == "own":
        return
    if not settings.trusted_authserv_id:
        yield (
            "trusted_authserv_id: it is empty, so no sender could be proven; name your mail server's authserv-id, the"
            " first word of the Authentication-Results headers it writes, such as mx.lumora.com; or set sender_check to"
            " `own` where no mail server stands in front"
        )
    peers = set(listed(settings.trusted_peers))
    if not peers:
        yield "trusted_peers: it is empty, so no sender could be proven; name the addresses of your mail server"
    elif settings.trusted_authserv_id and not is_loopback(settings.smtp_host) and peers <= set(listed(LOOPBACK_PEERS)):
        yield (
            "trusted_peers: mail is received from other machines, but a verdict is believed from this one only; name"
            " the addresses your mail server hands mail over from, such as 10.0.0.25"
        )


def _hints(settings: Settings) -> Iterator[str]:
    if settings.profile == "demo":
        yield "The demo profile trusts every sender on this machine; set profile to `production` before partners write."
        return
    if settings.sender_check == "own" and is_loopback(settings.smtp_host):
        yield (
            "sender_check is `own`, but mail is taken from this machine only, so that SPF proves nobody; set smtp_host"
            " to an address that the internet reaches."
        )
    if not settings.relay_host:
        yield "No relay_host is set: answers by mail are kept and not sent."
    if not _given(settings, "slack_bot_token"):
        yield "Slack is not set up: partners are met by mail only."
    over_http = _given(settings, "slack_signing_secret") or not _given(settings, "slack_app_token")
    if not settings.public_url:
        slack = ", and Slack cannot reach the agent" if over_http else ""
        yield f"No public_url is set: announcements carry no unsubscribe link{slack}."
    elif settings.public_url.startswith("http://") and over_http:
        yield "public_url is not encrypted: Slack calls https addresses only."
    if not _given(settings, "database_url"):
        yield "The embedded database serves one machine; set database_url before a worker runs on another."
