"""The SMTP edge as the settings ask for it: its limits and its certificate."""

from __future__ import annotations

from pathlib import Path

from bot.channels.email.own import OwnAddresses
from config.errors import ConfigError
from config.settings import Settings
from mail_ingest.edge import SmtpEdge
from mail_ingest.errors import CertificateUnusable
from mail_ingest.load import LoadLimits
from mail_ingest.rates import RateLimits
from mail_ingest.smtp_hooks import Accept
from mail_ingest.tls import Certificate


def smtp_edge(settings: Settings, accept: Accept, own: OwnAddresses) -> SmtpEdge:
    """Not yet listening. Raises ConfigError where the certificate is of no use."""
    return SmtpEdge(
        settings.smtp_host,
        settings.smtp_port,
        accept,
        own.takes,
        hostname=own.domain,
        load=LoadLimits(uncapped=settings.trusted_networks),
        rates=RateLimits(
            connections_per_minute=settings.smtp_connections_per_minute,
            client_mails=settings.smtp_client_mails_per_hour,
            sender_mails=settings.smtp_sender_mails_per_hour,
            domain_mails=settings.smtp_domain_mails_per_hour,
        ),
        certificate=smtp_certificate(settings),
        tls_required=settings.smtp_tls == "required",
    )


def smtp_certificate(settings: Settings) -> Certificate | None:
    """None where TLS is off. Raises ConfigError where the certificate is of no use."""
    if settings.smtp_tls == "off":
        return None
    try:
        return Certificate(Path(settings.smtp_tls_cert).expanduser(), Path(settings.smtp_tls_key).expanduser())
    except CertificateUnusable as fault:
        raise ConfigError((f"smtp_tls_cert, smtp_tls_key: {fault}",)) from fault
