"""What proves senders of mail, as the settings ask for."""

from __future__ import annotations

from bot.channels.email.inlet import TrustsThisMachine
from config.errors import ConfigError
from config.settings import Settings
from mail_ingest.authentication.dns import DnsUnavailable
from mail_ingest.authentication.own_check import OwnCheck
from mail_ingest.authentication.proof import SenderCheck
from mail_ingest.authentication.resolver import SystemDns
from mail_ingest.authentication.trusted_header import sender_check


def sender_check_of(settings: Settings) -> SenderCheck:
    """Raises `ConfigError` where our own check would have no DNS server to ask."""
    if settings.profile == "demo":
        return TrustsThisMachine()
    if settings.sender_check == "header":
        return sender_check(settings.trusted_authserv_id, settings.trusted_networks)
    try:
        dns = SystemDns(settings.dns_hosts)
    except DnsUnavailable as fault:
        raise ConfigError((f"dns_servers: {fault}; name one, such as 10.0.0.53",)) from fault
    return OwnCheck(dns, arc_sealers=settings.arc_domains)
