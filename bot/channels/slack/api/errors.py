"""What can go wrong with Slack, named by who can act.

SlackError
|-- SlackUnavailable          wait: down or not reached; nothing was posted
|   |-- SlackRateLimited      wait: this channel or method had too much; others are served
|   `-- SlackUnauthorised     the operator: token revoked, expired or short of a scope; parked until that is mended
|-- SlackRefused              tell: Slack says no to this very post or look-up, and will say so again
`-- SlackOutcomeUnknown       read back: the post was sent and its answer lost
"""

from __future__ import annotations


class SlackError(Exception):
    """Root of everything the Slack channel may raise."""


class SlackUnavailable(SlackError):
    """Nothing was posted; try again after `retry_after` seconds."""

    def __init__(self, message: str, retry_after: float = 30.0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class SlackRateLimited(SlackUnavailable):
    """Slack counts posts by channel and other calls by method, and says when it takes the next."""


class SlackUnauthorised(SlackUnavailable):
    """The token is not accepted or lacks a scope; `error` is Slack's own code. Waiting helps only once it is mended.

    `method` is what was called, where a token that lacks a scope for it may be good for all else.
    """

    def __init__(self, error: str, retry_after: float = 300.0, method: str = "") -> None:
        super().__init__(f"Slack does not accept the bot token: {error}", retry_after)
        self.error = error
        self.method = method

    @property
    def one_scope(self) -> bool:
        """Whether it is a scope for this method alone that is wanting, and posting goes on without it."""
        return self.error == "missing_scope" and self.method not in ("", "chat.postMessage")


class SlackRefused(SlackError):
    """Slack's final no; `error` is its own code, such as `channel_not_found`."""

    def __init__(self, error: str) -> None:
        super().__init__(f"Slack refused: {error}")
        self.error = error


class SlackOutcomeUnknown(SlackError):
    """The post may or may not stand in the channel; find it by its outbox id before sending again."""
