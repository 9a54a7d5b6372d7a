"""The operator's settings: every option with its default, its meaning and its limits."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from platformdirs import user_data_path
from pydantic import Field, SecretStr, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config.checks import LOOPBACK_PEERS, Hints, hints, host_and_port, listed

_Port = Annotated[int, Field(ge=0, le=65535)]
_Rate = Annotated[int, Field(ge=0, le=10_000_000)]
_Cap = Annotated[int, Field(ge=1, le=1_000_000)]


SAMPLE_PROGRAM = Path(__file__).parent / "program"  # packaged with the code
START = Path(__file__).parent / "start"  # what a program of one's own begins with


def _default_data_dir() -> Path:
    return user_data_path("partnerline", appauthor=False)


class Settings(BaseSettings):
    """One frozen set of settings; `config.load_settings` makes it from the environment, a file and these defaults."""

    model_config = SettingsConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True, hide_input_in_errors=True)

    profile: Literal["demo", "production"] = Field(
        "demo",
        description="`demo` trusts mail from this machine and stays on this machine; `production` meets partners.",
    )
    data_dir: Path = Field(
        default_factory=_default_data_dir,
        description="Folder for the embedded database and the operator's token; default: the platform's data folder.",
    )
    database_url: SecretStr = Field(
        SecretStr(""),
        description="PostgreSQL 15 or newer, as postgresql://user:password@host/name; empty: the embedded server.",
    )
    program_dir: str = Field(
        "",
        description="Folder with the partner program; empty: the packaged sample program.",
    )
    smtp_host: str = Field("127.0.0.1", description="Address on which mail is received.")
    smtp_port: _Port = Field(2525, description="Port on which mail is received; 0: any free one.")
    smtp_tls: Literal["off", "offered", "required"] = Field(
        "off",
        description="Whether mail may or must come over TLS (STARTTLS, 1.2 or newer); both need the two files below.",
    )
    smtp_tls_cert: str = Field("", description="PEM file with the certificate and those between it and its issuer.")
    smtp_tls_key: str = Field("", description="PEM file with the certificate's private key, without a password.")
    smtp_connections_per_minute: _Rate = Field(
        60, description="Connections a minute that one client may make; trusted_peers may make any number. 0: no limit."
    )
    smtp_client_mails_per_hour: _Rate = Field(
        1200,
        description="Mails an hour of one client, a tenth of them in a minute; trusted_peers may bring any number."
        " 0: no limit.",
    )
    smtp_sender_mails_per_hour: _Rate = Field(
        600, description="Mails an hour of one sender, a tenth of them in a minute. 0: no limit."
    )
    smtp_domain_mails_per_hour: _Rate = Field(
        3000, description="Mails an hour of all senders of one domain, a tenth of them in a minute. 0: no limit."
    )
    answers_per_hour: _Cap = Field(
        60, description="Automatic answers an hour to one mail address; what comes beyond is kept, and a manager told."
    )
    answers_per_day: _Cap = Field(240, description="Automatic answers in 24 hours to one mail address.")
    answers_domain_per_hour: _Cap = Field(
        240, description="Automatic answers an hour to all mail addresses of one domain."
    )
    answers_domain_per_day: _Cap = Field(
        1200, description="Automatic answers in 24 hours to all mail addresses of one domain."
    )
    answers_thread_per_hour: _Cap = Field(30, description="Automatic answers an hour in one thread, in Slack as well.")
    answers_thread_per_day: _Cap = Field(120, description="Automatic answers in 24 hours in one thread.")
    announcement_mails_per_minute: Annotated[int, Field(ge=1, le=100_000)] = Field(
        600, description="Mails of announcements a minute to all addresses of one mail domain."
    )
    http_host: str = Field("127.0.0.1", description="Address of the web application: Slack, unsubscribe, health.")
    http_port: _Port = Field(8080, description="Port of the public web application; 0: any free one.")
    console_host: str = Field("127.0.0.1", description="Address of the operator's console; loopback only.")
    console_port: _Port = Field(8081, description="Port of the operator's console; 0: any free one.")
    console_token: SecretStr = Field(
        SecretStr(""),
        description="Token that opens the console, 16 characters or more; empty: drawn at the first start.",
    )
    public_url: str = Field(
        "",
        description="Address under which the public web application is reached from outside, such as https://agent.lumora.com.",
    )
    mail_domain: str = Field(
        "",
        description="Domain the agent writes mail from, such as lumora.com; empty: that of its own address.",
    )
    relay_host: str = Field("", description="SMTP relay that takes outgoing mail; empty: mail is kept, not sent.")
    relay_port: int = Field(587, ge=1, le=65535, description="Port of the relay.")
    relay_user: str = Field("", description="User name at the relay; empty: no login.")
    relay_password: SecretStr = Field(SecretStr(""), description="Password at the relay.")
    relay_tls: Literal["starttls", "tls", "none"] = Field("starttls", description="How the relay is reached.")
    relay_connections: int = Field(
        3, ge=1, le=16, description="Connections to the relay at most; where it takes fewer, there are fewer."
    )
    return_path: Literal["bounce", "own"] = Field(
        "bounce",
        description="Where bounces come back to: an address bounce+...@ of mail_domain that names the mail, or the"
        " agent's own address, for a relay that lets no other pass.",
    )
    dkim_selector: str = Field("", description="Selector of the agent's own DKIM signatures; empty: the relay signs.")
    dkim_key: str = Field("", description="PEM file with the RSA private key that belongs to dkim_selector.")
    sender_check: Literal["header", "own"] = Field(
        "header",
        description="What proves a sender in production: the Authentication-Results of your mail server in front, or a"
        " check of our own of SPF, DKIM and DMARC, for where mail comes here from the internet.",
    )
    trusted_authserv_id: str = Field(
        "",
        description="Name under which your mail server writes its Authentication-Results; production needs it where"
        " sender_check is `header`.",
    )
    trusted_peers: str = Field(
        LOOPBACK_PEERS,
        description="IP addresses and networks, with commas or as a list, that your mail server hands mail over from;"
        " its Authentication-Results count in no other mail.",
    )
    arc_sealers: str = Field(
        "",
        description="Domains of mail servers, with commas or as a list, whose word on a sender counts in mail that they"
        " forwarded (ARC); for sender_check `own`.",
    )
    dns_servers: str = Field(
        "",
        description="DNS servers for sender_check `own`, with commas or as a list, such as 10.0.0.53 or 10.0.0.53:5353;"
        " empty: those of this machine.",
    )
    invoice_webhook_secret: SecretStr = Field(
        SecretStr(""),
        description="Secret of your billing system's calls to /webhooks/invoices, 32 characters or more; two with a"
        " comma while it is changed; empty: the address does not exist.",
    )
    slack_bot_token: SecretStr = Field(SecretStr(""), description="Slack's bot token (xoxb-...); empty: no Slack.")
    slack_signing_secret: SecretStr = Field(SecretStr(""), description="Slack's signing secret; it proves calls.")
    slack_app_token: SecretStr = Field(
        SecretStr(""),
        description="Slack's app-level token (xapp-...) for Socket Mode: events come over connections that we open, and"
        " no address of ours has to be reached; in place of slack_signing_secret.",
    )
    slack_team_id: str = Field("", description="Your own Slack workspace (T...).")
    slack_managers_channel: str = Field(
        "",
        description="Slack channel (C...) of your managers, for what they decide; empty: each by direct message.",
    )
    slack_channel_mode: Literal["agent", "mention"] = Field(
        "agent",
        description="What is answered in a partner's channel that is newly mapped: `agent` everything of the partner's"
        " that is the agent's business, `mention` only what is said to the agent.",
    )
    slack_api_url: str = Field("https://slack.com/api/", description="Slack's Web API.")
    managers_digest: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "off"] = Field(
        "monday",
        description="Day on which managers are sent what needs them; a holiday passes it on to the next business day.",
    )
    managers_digest_at: str = Field("08:00", description="Time of the managers' digest, by the vendor's clock.")
    silent_days: int = Field(
        60, ge=7, le=3_650, description="Days without a word after which a partner that did business counts as silent."
    )
    partner_digests: Literal["asked", "main_contacts", "off"] = Field(
        "asked",
        description="Which contacts are mailed a monthly overview of their own deals, tier and commission: those who"
        " asked for it, main contacts as well until they say no, or nobody.",
    )
    partner_digest_day: int = Field(
        5, ge=1, le=28, description="Day of the month on which it is mailed; at nine by the vendor's clock."
    )
    onboarding: Literal["main_contacts", "all_contacts", "off"] = Field(
        "main_contacts",
        description="Who at a partner that is new in the CRM is welcomed by mail, and the partner asked after on days"
        " 3, 14, 30 and 60: its main contacts, all contacts with an address, or nobody.",
    )
    crm: Literal["embedded", "hubspot"] = Field(
        "embedded", description="The CRM that holds partners and deals: the one inside, or your HubSpot account."
    )
    hubspot_token: SecretStr = Field(
        SecretStr(""), description="HubSpot's service key (or a project app's token) that the agent works with."
    )
    hubspot_url: str = Field("https://api.hubapi.com", description="HubSpot's API.")
    hubspot_api_version: str = Field("2026-03", description="Version of HubSpot's API, as in its paths.")
    hubspot_attribution: Literal["property", "labels", "object"] = Field(
        "property",
        description="Where HubSpot holds which partner brought a deal: a property of the deal (any plan), labelled"
        " associations with the partner's company (Professional), or a custom object (Enterprise).",
    )
    hubspot_pipeline: str = Field("default", description="Deal pipeline that partners' deals go to, by id or label.")
    hubspot_stages: str = Field(
        "",
        description="HubSpot's stages for ours where they are not the standard ones, by id or label, such as"
        " `qualified: Discovery; proposal: Quote sent, Quote seen`: the first is written, each is read.",
    )
    hubspot_intake: str = Field(
        "Partner requests",
        description="Deal pipeline in which registrations and leads wait; `none` where the account has no second one.",
    )
    hubspot_calls_per_10s: int = Field(
        90,
        ge=10,
        le=1_000,
        description="Calls to HubSpot in ten seconds, by all workers; fewer than it allows.",
    )
    hubspot_searches_per_s: int = Field(4, ge=1, le=20, description="Searches in HubSpot in a second, by all workers.")
    hubspot_calls_per_day: int = Field(
        240_000, ge=1_000, le=10_000_000, description="Calls to HubSpot in the portal's day, by all workers."
    )
    hubspot_settling: float = Field(
        30.0,
        ge=1.0,
        le=3_600.0,
        description="Seconds after a lost answer until an entry that HubSpot does not show counts as not written.",
    )
    hubspot_webhook_secret: SecretStr = Field(
        SecretStr(""),
        description="Client secret of the app whose webhooks HubSpot sends to /webhooks/hubspot; two with a comma while"
        " it is changed; empty: HubSpot is asked every minute instead.",
    )
    reader: Literal["builtin", "model", "both"] = Field(
        "builtin",
        description="What reads messages: the built-in reader, a language model with it as fallback, or both.",
    )
    own_weights: str = Field(
        "",
        description="File with what `partnerline train` learned from your own messages; empty: own-messages.npz in the"
        " data folder, where there is one.",
    )
    model_url: str = Field("", description="OpenAI-compatible endpoint, such as http://127.0.0.1:11434/v1.")
    model_name: str = Field("", description="Name of the language model at that endpoint.")
    model_key: SecretStr = Field(SecretStr(""), description="Key for the endpoint; empty: none is sent.")
    model_timeout_s: float = Field(8.0, gt=0, le=120, description="Seconds to wait for the model before falling back.")
    model_daily_budget: int = Field(2000, ge=0, description="Calls to the model a day; then the built-in reader works.")
    workers_concurrency: int = Field(8, ge=1, le=256, description="Jobs a worker handles at the same time.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="What is logged.")
    log_format: Literal["text", "json"] = Field("text", description="How it is logged.")

    @field_validator(
        "profile",
        "sender_check",
        "smtp_tls",
        "relay_tls",
        "return_path",
        "managers_digest",
        "partner_digests",
        "onboarding",
        "crm",
        "hubspot_attribution",
        "reader",
        "log_level",
        "log_format",
        mode="before",
    )
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("trusted_peers", "arc_sealers", "dns_servers", mode="before")
    @classmethod
    def _in_one_line(cls, value: object) -> object:
        listed = isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
        return ", ".join(value) if listed and isinstance(value, list | tuple) else value

    @field_validator("managers_digest_at")
    @classmethod
    def _a_time(cls, value: str) -> str:
        if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
            raise PydanticCustomError("time", "write a time of the day as in 08:00")
        return value

    @field_validator("*", mode="before")
    @classmethod
    def _no_switch(cls, value: object) -> object:
        """No setting is a switch; without this, `true` would be port 1."""
        if isinstance(value, bool):
            raise PydanticCustomError("switch", "write a number or a text, not true or false")
        return value

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the hook's signature
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `config.loading` gathered, so that a fault can be told with the place it came from."""
        return (init_settings,)

    @property
    def program_folder(self) -> Path:
        """The folder with the partner program in force."""
        return Path(self.program_dir).expanduser() if self.program_dir else SAMPLE_PROGRAM

    @property
    def own_weights_file(self) -> Path:
        """Where what was learned from the vendor's own messages is kept, whether there is any or not."""
        return Path(self.own_weights).expanduser() if self.own_weights else self.data_dir / "own-messages.npz"

    @property
    def trusted_networks(self) -> tuple[str, ...]:
        """`trusted_peers`, one by one."""
        return listed(self.trusted_peers)

    @property
    def arc_domains(self) -> tuple[str, ...]:
        """`arc_sealers`, one by one."""
        return listed(self.arc_sealers)

    @property
    def dns_hosts(self) -> tuple[tuple[str, int], ...]:
        """`dns_servers`, one by one, as (IP address, port)."""
        return tuple(host_and_port(server) for server in listed(self.dns_servers))

    @property
    def invoice_webhook_secrets(self) -> tuple[str, ...]:
        """`invoice_webhook_secret`, one by one."""
        return listed(self.invoice_webhook_secret.get_secret_value())

    @property
    def hubspot_webhook_secrets(self) -> tuple[str, ...]:
        """`hubspot_webhook_secret`, one by one."""
        return listed(self.hubspot_webhook_secret.get_secret_value())

    @property
    def plays_slack(self) -> bool:
        """Whether the demo is its own Slack; it may be pointed to one on this machine."""
        return self.profile == "demo" and not self.slack_bot_token.get_secret_value()

    def notes(self) -> Hints:
        """Hints in plain words on what works less well than it could; nothing here stops a start."""
        return hints(self)
