"""What Slack says of a shared file, in an event or when it is asked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.files.shared import SharedFile, files_of, to_file

HOSTED = {
    "id": "F1", "name": "invoice.pdf", "title": "Our invoice", "mimetype": "application/pdf", "size": 1200,
    "mode": "hosted", "url_private": "https://files.slack.com/files-pri/T1-F1/invoice.pdf",
    "url_private_download": "https://files.slack.com/files-pri/T1-F1/download/invoice.pdf",
}  # fmt: skip


def test_a_file_of_our_own_workspace_is_described_whole() -> None:
    url = HOSTED["url_private_download"]
    assert to_file(HOSTED) == SharedFile("F1", "invoice.pdf", "application/pdf", 1200, str(url))


def test_of_a_file_of_another_workspace_the_event_says_only_its_id() -> None:
    found = to_file({"id": "F2", "mode": "file_access", "file_access": "check_file_info"})
    assert (found.name, found.ask, found.url) == ("F2", True, "")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ({"mode": "tombstone"}, "gone"),
        ({"mode": "hidden_by_limit"}, "hidden"),
        ({"mode": "external"}, "elsewhere"),
        ({"is_external": True}, "elsewhere"),
    ],
)
def test_what_is_not_there_to_be_fetched_is_known_as_such(said: dict[str, Any], name: str) -> None:
    assert getattr(to_file(HOSTED | said), name)


def test_a_link_into_another_service_is_no_address_of_slacks() -> None:
    assert to_file(HOSTED | {"is_external": True}).url == ""


ANYTHING = (
    st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()) | st.dictionaries(st.text(), st.text())
)


@given(st.dictionaries(st.sampled_from([*HOSTED, "file_access", "is_external"]), ANYTHING))
def test_no_description_breaks_it(said: dict[str, Any]) -> None:
    found = to_file(said)
    assert found.size >= 0
    assert isinstance(found.url, str)


@pytest.mark.parametrize("files", [None, "F1", {}, [], ["F1", 2, None], [[]]])
def test_what_is_no_list_of_files_holds_none(files: object) -> None:
    assert files_of({"files": files}) == []
