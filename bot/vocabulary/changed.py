"""What is known of a message whose words were changed, or taken back, after it was acted on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.vocabulary.message import ThreadContext, ThreadKind

BETWEEN_PEOPLE = "between_people"
"""What came of a message that people said to each other."""
EDITED_FIRST, DELETED_FIRST = "edited_before_handled", "deleted_before_handled"
EDITED_SAME, EDITED_LATE, EDITED_NOTED, DELETED = "edited_same", "edited_too_late", "edited_noted", "deleted"
"""What came of a change: nothing that is wanted is another; it stands as it was, which was said; that was said before,
or is nobody's business; and a post that was taken back.
"""


@dataclass(frozen=True, slots=True)
class Before:
    """The message as it was handled.

    `requests` is how it was read (as `labelled` writes it), `drafts` the numbers of those that it opened and nobody has
    worked on since. `stands` where something that it did is not to be done anew, or where it is too old for that;
    `told` where its sender heard so already. `kind` and `asked` are what the thread stood at when it was read.
    """

    requests: tuple[Mapping[str, Any], ...] = ()
    kind: ThreadKind | None = None
    asked: tuple[str, ...] = ()
    drafts: tuple[str, ...] = ()
    stands: bool = False
    told: bool = False

    def heard_in(self, thread: ThreadContext) -> ThreadContext:
        """The thread as the first form met it: its new form answers what that answered."""
        return replace(thread, kind=self.kind, asked=self.asked)
