"""The edge's certificate: whatever is wrong with its files is told with what mends it, and renewal is taken up."""

from __future__ import annotations

import logging
import os
import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mail_ingest.errors import CertificateUnusable
from mail_ingest.tls import Certificate
from tests.certificates import DAY, written

NOW = datetime.now(UTC)


def test_a_good_pair_makes_a_context_of_tls_1_2_or_newer(tmp_path: Path) -> None:
    files = written(tmp_path, expires=NOW + 30 * DAY)
    certificate = Certificate(files.chain, files.key)
    assert certificate.context().minimum_version is ssl.TLSVersion.TLSv1_2
    assert abs(certificate.expires - (NOW + 30 * DAY)) < DAY


def test_the_usual_keys_are_taken(tmp_path: Path) -> None:
    files = written(tmp_path, bits=2_048)
    assert Certificate(files.chain, files.key).expires > NOW


def test_files_that_are_not_there_are_named(tmp_path: Path) -> None:
    files = written(tmp_path)
    with pytest.raises(CertificateUnusable, match=r"there is no file .*nothing.pem; name the PEM file with the cert"):
        Certificate(tmp_path / "nothing.pem", files.key)
    with pytest.raises(CertificateUnusable, match=r"there is no file .*nothing.pem; name the PEM file with the key"):
        Certificate(files.chain, tmp_path / "nothing.pem")
    with pytest.raises(CertificateUnusable, match="cannot be read"):
        Certificate(tmp_path, files.key)


def test_a_key_of_another_certificate_is_told(tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    files, other = written(tmp_path), written(tmp_path / "other")
    with pytest.raises(CertificateUnusable, match="does not belong to the certificate"):
        Certificate(files.chain, other.key)


def test_files_in_the_wrong_order_or_of_another_kind_are_told(tmp_path: Path) -> None:
    files = written(tmp_path)
    garbage = tmp_path / "garbage.pem"
    garbage.write_bytes(b"\0\xff" * 100)
    for chain, key in ((files.key, files.chain), (garbage, files.key), (files.chain, garbage)):
        with pytest.raises(CertificateUnusable, match="BEGIN CERTIFICATE"):
            Certificate(chain, key)


def test_a_locked_key_is_told_and_asks_nobody(tmp_path: Path) -> None:
    files = written(tmp_path, password="secret")
    with pytest.raises(CertificateUnusable, match="locked with a password"):
        Certificate(files.chain, files.key)


def test_a_certificate_out_of_its_time_is_told_with_the_date(tmp_path: Path) -> None:
    files = written(tmp_path, begins=NOW - 90 * DAY, expires=NOW - DAY)
    with pytest.raises(CertificateUnusable, match=f"expired on {NOW - DAY:%Y-%m-%d}; renew it"):
        Certificate(files.chain, files.key)
    assert Certificate(files.chain, files.key, lambda: NOW - 30 * DAY).expires < NOW
    files = written(tmp_path, begins=NOW + 2 * DAY)
    with pytest.raises(CertificateUnusable, match="not valid before"):
        Certificate(files.chain, files.key)


def test_a_renewed_pair_is_used_from_then_on(tmp_path: Path) -> None:
    files = written(tmp_path, expires=NOW + 5 * DAY)
    certificate = Certificate(files.chain, files.key)
    before = certificate.context()
    assert certificate.context() is before
    written(tmp_path, expires=NOW + 95 * DAY)
    assert certificate.context() is not before
    assert certificate.expires > NOW + 90 * DAY


def test_a_renewal_behind_a_link_is_seen(tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    (tmp_path / "2").mkdir()
    written(tmp_path / "1", expires=NOW + 5 * DAY)
    written(tmp_path / "2", expires=NOW + 95 * DAY)
    live = tmp_path / "live"
    live.symlink_to(tmp_path / "1")
    certificate = Certificate(live / "cert.pem", live / "key.pem")
    os.unlink(live)
    live.symlink_to(tmp_path / "2")
    certificate.context()
    assert certificate.expires > NOW + 90 * DAY


def test_a_renewal_half_done_leaves_the_former_pair_in_use(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "new").mkdir()
    files, new = written(tmp_path), written(tmp_path / "new", expires=NOW + 95 * DAY)
    certificate = Certificate(files.chain, files.key)
    before = certificate.context()
    with caplog.at_level(logging.ERROR):
        files.chain.write_bytes(new.chain.read_bytes())
        assert certificate.context() is before
        assert certificate.context() is before
    assert len(caplog.records) == 1
    assert "former one still is" in caplog.text
    files.key.unlink()
    assert certificate.context() is before
    files.key.write_bytes(new.key.read_bytes())
    assert certificate.context() is not before
    assert certificate.expires > NOW + 90 * DAY
