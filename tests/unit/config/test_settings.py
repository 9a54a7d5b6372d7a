"""Settings come from several places, and everything that is wrong with them is told at once."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from config import ConfigError, Settings, load_settings
from config.checks import is_loopback

PRODUCTION = {
    "PARTNERLINE_PROFILE": "production",
    "PARTNERLINE_MAIL_DOMAIN": "lumora.example",
    "PARTNERLINE_TRUSTED_AUTHSERV_ID": "mx.lumora.example",
}


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def faults(environ: Mapping[str, str], file: Path | None = None) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        load_settings(file, environ)
    return caught.value.faults


def test_defaults_start_a_demo_on_this_machine() -> None:
    settings = load_settings(environ={})
    assert (settings.profile, settings.smtp_host, settings.smtp_port) == ("demo", "127.0.0.1", 2525)
    assert settings.data_dir.name == "partnerline"
    assert settings.database_url.get_secret_value() == ""


def test_environment_beats_file_beats_default_and_an_argument_beats_all(tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_text("smtp_port = 1111\nhttp_port = 2222\nconsole_port = 3333\n")
    environ = {"PARTNERLINE_HTTP_PORT": "4444", "PARTNERLINE_CONSOLE_PORT": "5555"}
    settings = load_settings(file, environ, {"console_port": 0, "smtp_host": None})
    assert (settings.smtp_port, settings.http_port, settings.console_port) == (1111, 4444, 0)


def test_the_file_in_the_working_directory_is_found_and_a_named_one_replaces_it(tmp_path: Path) -> None:
    (tmp_path / "partnerline.toml").write_text("smtp_port = 1111")
    other = tmp_path / "other.toml"
    other.write_text("http_port = 2222")
    assert load_settings(environ={}).smtp_port == 1111
    named = load_settings(environ={"PARTNERLINE_CONFIG": str(other)})
    assert (named.smtp_port, named.http_port) == (2525, 2222)


def test_the_plain_database_url_is_read_and_the_prefixed_one_is_stronger() -> None:
    plain = {"DATABASE_URL": "postgresql://a@one/x"}
    both = plain | {"PARTNERLINE_DATABASE_URL": "postgresql://a@two/x"}
    assert load_settings(environ=plain).database_url.get_secret_value().endswith("one/x")
    assert load_settings(environ=both).database_url.get_secret_value().endswith("two/x")


def test_an_empty_variable_counts_as_not_set() -> None:
    assert load_settings(environ={"PARTNERLINE_SMTP_PORT": "", "DATABASE_URL": ""}).smtp_port == 2525


def test_choices_are_read_in_any_case() -> None:
    assert load_settings(environ={"PARTNERLINE_LOG_LEVEL": "INFO"}).log_level == "info"


def test_the_program_folder_is_the_packaged_one_unless_another_is_named() -> None:
    assert (load_settings(environ={}).program_folder / "program.toml").is_file()
    assert load_settings(environ={"PARTNERLINE_PROGRAM_DIR": "/srv/program"}).program_folder == Path("/srv/program")


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        load_settings(environ={}).smtp_port = 1  # type: ignore[misc]


def test_all_faults_are_told_at_once_and_each_says_what_would_be_right() -> None:
    found = faults(
        {
            "PARTNERLINE_SMTP_PORT": "many",
            "PARTNERLINE_HTTP_PORT": "99999",
            "PARTNERLINE_LOG_FORMAT": "xml",
            "PARTNERLINE_SMPT_HOST": "x",
            "PARTNERLINE_CONSOLE_HOST": "0.0.0.0",
            "PARTNERLINE_RELAY_USER": "agent",
        }
    )
    told = {fault.split(" ")[0].removesuffix(":") for fault in found}
    assert told >= {"smtp_port", "http_port", "log_format", "smpt_host", "console_host", "relay_host", "relay_password"}
    assert all(";" in fault for fault in found)
    assert any("did you mean smtp_host" in fault for fault in found)


@pytest.mark.parametrize("name", ["database_url", "relay_password", "slack_bot_token", "console_token", "model_key"])
def test_secrets_never_appear(name: str) -> None:
    secret = "p4ssw0rd"  # too short for a token, and no database address
    with pytest.raises(ConfigError) as caught:
        load_settings(environ={f"PARTNERLINE_{name.upper()}": secret, "PARTNERLINE_SMTP_PORT": "x"})
    assert secret not in str(caught.value)
    assert secret not in repr(load_settings(environ=PRODUCTION, overrides={"model_key": SecretStr(secret)}))


def test_a_secret_of_the_wrong_shape_in_a_file_is_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_text("console_token = 123456789\nmodel_key = ['hidden-key']\n")
    assert not any("123456789" in fault or "hidden-key" in fault for fault in faults({}, file))


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"smtp_port = [", "not valid TOML"),
        (b"smtp_port = \xff", "not UTF-8"),
        (b"# " + b"x" * 1_000_001, "too large"),
        (b"[smtp]\nport = 2", "smtp ("),
        (b"smtp_port = true", "smtp_port ("),
        (b"data_dir = 3", "data_dir ("),
    ],
)
def test_an_unusable_file_is_a_fault_and_no_crash(tmp_path: Path, content: bytes, told: str) -> None:
    file = tmp_path / "p.toml"
    file.write_bytes(content)
    assert any(told in fault for fault in faults({}, file))


def test_a_named_file_that_is_missing_is_a_fault(tmp_path: Path) -> None:
    assert "cannot be read" in faults({}, tmp_path / "none.toml")[0]
    assert "cannot be read" in faults({"PARTNERLINE_CONFIG": str(tmp_path)})[0]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.10", "10.0.0.1", "agent.lumora.example", "[::]", "*"])
@pytest.mark.parametrize("name", ["smtp_host", "http_host", "console_host"])
def test_the_demo_listens_on_this_machine_only(name: str, host: str) -> None:
    assert any(fault.startswith(f"{name}:") for fault in faults({f"PARTNERLINE_{name.upper()}": host}))


def test_an_empty_listener_is_no_way_to_listen_everywhere(tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_text('smtp_host = ""\nhttp_host = " "')
    assert len([f for f in faults({}, file) if "listen everywhere" in f]) == 2


@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9", "::1", "[::1]", "localhost", "LOCALHOST"])
def test_loopback_is_recognised(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("relay_host", "mx.lumora.example"),
        ("slack_bot_token", "xoxb-1"),
        ("slack_signing_secret", "s"),
    ],
)
def test_the_demo_takes_no_outside_service(name: str, value: str) -> None:
    told = [f for f in faults({f"PARTNERLINE_{name.upper()}": value}) if f.startswith(f"{name}:")]
    assert any("demo profile" in fault for fault in told)


def test_the_console_stays_on_loopback_in_production_too() -> None:
    assert faults(PRODUCTION | {"PARTNERLINE_CONSOLE_HOST": "0.0.0.0"})[0].startswith("console_host")


def test_production_may_listen_and_needs_a_mail_domain() -> None:
    open_to_all = {"PARTNERLINE_SMTP_HOST": "0.0.0.0", "PARTNERLINE_TRUSTED_PEERS": "10.0.0.25"}
    assert load_settings(environ=PRODUCTION | open_to_all).smtp_host == "0.0.0.0"
    assert faults({"PARTNERLINE_PROFILE": "production"})[0].startswith("mail_domain")


def test_production_needs_a_mail_server_that_proves_senders() -> None:
    bare = {name: value for name, value in PRODUCTION.items() if "AUTHSERV" not in name}
    assert [fault.split(":")[0] for fault in faults(bare)] == ["trusted_authserv_id"]


OWN = {name: value for name, value in PRODUCTION.items() if "AUTHSERV" not in name} | {
    "PARTNERLINE_SENDER_CHECK": "Own"
}


def test_production_may_check_senders_itself_and_then_needs_no_mail_server(tmp_path: Path) -> None:
    settings = load_settings(environ=OWN | {"PARTNERLINE_SMTP_HOST": "0.0.0.0"})
    assert (settings.sender_check, settings.arc_domains, settings.dns_hosts) == ("own", (), ())
    file = tmp_path / "p.toml"
    file.write_text(
        'arc_sealers = ["lists.acme.example", "google.com"]\ndns_servers = "10.0.0.53, ::1, [::1]:54,10.0.0.1:55"'
    )
    settings = load_settings(file, environ=OWN)
    assert settings.arc_domains == ("lists.acme.example", "google.com")
    assert settings.dns_hosts == (("10.0.0.53", 53), ("::1", 53), ("::1", 54), ("10.0.0.1", 55))
    assert "SPF proves nobody" in " ".join(settings.notes())


@pytest.mark.parametrize(
    ("environ", "wrong"),
    [
        (OWN | {"PARTNERLINE_TRUSTED_AUTHSERV_ID": "mx.lumora.example"}, "trusted_authserv_id"),
        (PRODUCTION | {"PARTNERLINE_ARC_SEALERS": "google.com"}, "arc_sealers"),
        (PRODUCTION | {"PARTNERLINE_DNS_SERVERS": "10.0.0.53"}, "dns_servers"),
        (OWN | {"PARTNERLINE_ARC_SEALERS": "google.com, postmaster@acme.example"}, "arc_sealers"),
        (OWN | {"PARTNERLINE_ARC_SEALERS": "com"}, "arc_sealers"),
        *(
            (OWN | {"PARTNERLINE_DNS_SERVERS": server}, "dns_servers")
            for server in (
                "ns.acme.example",
                "10.0.0.300",
                "10.0.0.1:99999",
                "10.0.0.1:x",
                "10.0.0.1/8",
                "a@10.0.0.1:53",
            )
        ),
    ],
)
def test_a_check_of_senders_that_would_not_do_what_is_written_is_refused(environ: dict[str, str], wrong: str) -> None:
    assert [fault.split(":")[0] for fault in faults(environ)] == [wrong]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "10.0.0.5", "agent.lumora.example"])
@pytest.mark.parametrize("peers", [None, "127.0.0.0/8", " ::1 ,127.0.0.0/8"])
def test_a_port_that_others_reach_needs_named_peers(host: str, peers: str | None) -> None:
    given = PRODUCTION | {"PARTNERLINE_SMTP_HOST": host} | ({"PARTNERLINE_TRUSTED_PEERS": peers} if peers else {})
    (fault,) = faults(given)
    assert fault.startswith("trusted_peers:")
    assert "name the addresses" in fault
    load_settings(environ=given | {"PARTNERLINE_SMTP_HOST": "127.0.0.1"})


def test_peers_are_written_with_commas_or_as_a_list(tmp_path: Path) -> None:
    file = tmp_path / "p.toml"
    file.write_text('trusted_peers = ["10.0.0.25", "2001:db8::/64"]')
    expected = ("10.0.0.25", "2001:db8::/64")
    assert load_settings(file, PRODUCTION).trusted_networks == expected
    environ = PRODUCTION | {"PARTNERLINE_TRUSTED_PEERS": "10.0.0.25 ,2001:db8::/64,"}
    assert load_settings(environ=environ).trusted_networks == expected


@pytest.mark.parametrize(
    "peers", ['"mx.lumora.example"', '"10.0.0.300"', '["10.0.0.1", 3]', '"0.0.0.0/0"', '"::/0"', '""']
)
def test_peers_that_are_nobody_or_everybody_are_refused(tmp_path: Path, peers: str) -> None:
    file = tmp_path / "p.toml"
    file.write_text(f"trusted_peers = {peers}")
    assert any(fault.startswith("trusted_peers") for fault in faults(PRODUCTION, file))


@pytest.mark.parametrize(
    ("environ", "missing"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, {"slack_signing_secret"}),
        ({"SLACK_SIGNING_SECRET": "s"}, {"slack_bot_token"}),
        ({"RELAY_HOST": "mx", "RELAY_USER": "u"}, {"relay_password"}),
        ({"RELAY_HOST": "mx", "RELAY_PASSWORD": "p"}, {"relay_user"}),
        ({"RELAY_HOST": "mx", "RELAY_USER": "u", "RELAY_PASSWORD": "p", "RELAY_TLS": "none"}, {"relay_tls"}),
        ({"READER": "model"}, {"model_url", "model_name"}),
        ({"READER": "both", "MODEL_NAME": "m"}, {"model_url"}),
        ({"MODEL_URL": "http://127.0.0.1/v1"}, {"model_name"}),
        ({"PUBLIC_URL": "agent.lumora.example"}, {"public_url"}),
        ({"PUBLIC_URL": "http://[::1"}, {"public_url"}),
        ({"DATABASE_URL": "mysql://x"}, {"database_url"}),
        ({"HTTP_PORT": "2525"}, {"smtp_port, http_port, console_port"}),
        ({"CRM": "hubspot"}, {"hubspot_token"}),
        ({"HUBSPOT_TOKEN": "pat"}, {"hubspot_token"}),
        ({"CRM": "hubspot", "HUBSPOT_TOKEN": "pat", "HUBSPOT_API_VERSION": "v3"}, {"hubspot_api_version"}),
        ({"CRM": "hubspot", "HUBSPOT_TOKEN": "pat", "HUBSPOT_URL": "http://crm.example"}, {"hubspot_url"}),
        ({"CRM": "hubspot", "HUBSPOT_TOKEN": "pat", "HUBSPOT_STAGES": "done: x"}, {"hubspot_stages"}),
        ({"MAIL_DOMAIN": "agent@lumora.example"}, {"mail_domain"}),
        ({"SMTP_TLS": "offered"}, {"smtp_tls_cert", "smtp_tls_key"}),
        ({"SMTP_TLS": "Required", "SMTP_TLS_CERT": "cert.pem"}, {"smtp_tls_key"}),
        (
            {"SMTP_SENDER_MAILS_PER_HOUR": "-1"},
            {"smtp_sender_mails_per_hour (environment PARTNERLINE_SMTP_SENDER_MAILS_PER_HOUR)"},
        ),
    ],
)
def test_half_configured_services_are_refused(environ: dict[str, str], missing: set[str]) -> None:
    found = faults(PRODUCTION | {f"PARTNERLINE_{name}": value for name, value in environ.items()})
    assert {fault.split(":")[0] for fault in found} == missing


def test_the_demo_takes_a_hubspot_on_this_machine_and_no_other() -> None:
    given = {"PARTNERLINE_CRM": "hubspot", "PARTNERLINE_HUBSPOT_TOKEN": "x"}
    assert load_settings(environ=given | {"PARTNERLINE_HUBSPOT_URL": "http://127.0.0.1:8090"}).crm == "hubspot"
    [fault] = faults(given)
    assert fault.startswith("crm: the demo profile takes no outside CRM")


def test_the_demo_takes_a_slack_on_this_machine_and_no_other() -> None:
    given = {"PARTNERLINE_SLACK_BOT_TOKEN": "xoxb-1", "PARTNERLINE_SLACK_APP_TOKEN": "xapp-1"}
    assert load_settings(environ={}).plays_slack
    here = given | {"PARTNERLINE_SLACK_API_URL": "http://127.0.0.1:8091/api/"}
    assert not load_settings(environ=here).plays_slack
    found = faults(given | {"PARTNERLINE_SLACK_API_URL": "https://slack.lumora.example/api/"})
    assert {fault.split(":")[0] for fault in found} == {"slack_bot_token", "slack_app_token"}


def test_a_slack_token_does_not_travel_in_the_clear() -> None:
    clear = {"PARTNERLINE_SLACK_API_URL": "http://slack.lumora.example/api/"}
    assert [fault.split(":")[0] for fault in faults(PRODUCTION | clear)] == ["slack_api_url"]


def test_notes_tell_what_a_working_installation_lacks() -> None:
    notes = " ".join(load_settings(environ=PRODUCTION).notes())
    assert all(name in notes for name in ("relay_host", "Slack", "public_url", "database"))
    full = PRODUCTION | {
        "PARTNERLINE_RELAY_HOST": "mx",
        "PARTNERLINE_SLACK_BOT_TOKEN": "xoxb-1",
        "PARTNERLINE_SLACK_SIGNING_SECRET": "s",
        "PARTNERLINE_PUBLIC_URL": "https://agent.lumora.example",
        "DATABASE_URL": "postgresql://db/x",
    }
    assert load_settings(environ=full).notes() == ()


def test_over_sockets_slack_needs_no_address_of_ours() -> None:
    sockets = PRODUCTION | {"PARTNERLINE_SLACK_BOT_TOKEN": "xoxb-1", "PARTNERLINE_SLACK_APP_TOKEN": "xapp-1"}
    over_http = sockets | {"PARTNERLINE_SLACK_SIGNING_SECRET": "secret"}
    plain = {"PARTNERLINE_PUBLIC_URL": "http://agent.lumora.example"}
    assert "Slack" not in " ".join(load_settings(environ=sockets).notes())
    assert "Slack" not in " ".join(load_settings(environ=sockets | plain).notes())
    assert "Slack cannot reach the agent" in " ".join(load_settings(environ=over_http).notes())
    assert "Slack calls https addresses only" in " ".join(load_settings(environ=over_http | plain).notes())


def test_hundreds_of_unknown_names_give_one_fault_each_in_short() -> None:
    environ = {f"PARTNERLINE_{'X' * 5000}{n}": "1" for n in range(300)}
    found = faults(environ)
    assert len(found) == 300
    assert max(map(len, found)) < 400
    assert isinstance(load_settings(environ={}), Settings)


@pytest.mark.parametrize(
    ("environ", "fault"),
    [
        ({"PARTNERLINE_DKIM_SELECTOR": "a2026"}, "dkim_key: it is empty although dkim_selector is set"),
        ({"PARTNERLINE_DKIM_KEY": "key.pem"}, "dkim_selector: it is empty although dkim_key is set"),
        (
            {"PARTNERLINE_DKIM_SELECTOR": "a b", "PARTNERLINE_DKIM_KEY": "key.pem"},
            "dkim_selector: it is no selector; write letters, digits, dots and hyphens, such as agent2026",
        ),
        ({"PARTNERLINE_RETURN_PATH": "x"}, "return_path"),
    ],
)
def test_how_mail_goes_out_is_checked(environ: Mapping[str, str], fault: str) -> None:
    assert any(fault in told for told in faults(environ))
