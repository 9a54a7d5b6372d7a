"""A newer version of a text over an earlier one: what it does not say again stays as it was."""

from __future__ import annotations

from bot.announcements.text_format.parts import HeadLine, lines_of, taken_apart


def says_something(text: str) -> bool:
    """Whether it has anything of an announcement: a head line, a heading, or a mark of a language."""
    apart = taken_apart(text)
    return bool(apart.head) or any(part.subject or part.language for part in apart.parts)


def revised(earlier: str, newer: str) -> str:
    """The head lines of `newer`, with those of `earlier` that it has none for; its texts where one has a heading or a
    mark, or the earlier ones: what else stands below head lines is a greeting.
    """
    old, new = taken_apart(earlier), taken_apart(newer)
    fresh = {line.key for line in new.head}
    head = [*new.head, *(line for line in old.head if line.key not in fresh)]
    anew = any(part.subject or part.language for part in new.parts)
    source = (newer, new.begins) if anew else (earlier, old.begins)
    return "\n".join([*map(_written, head), "", *lines_of(source[0])[source[1] :]])


def titled(text: str, subject: str) -> str:
    """The text with this subject above it, where it begins without one of its own."""
    apart = taken_apart(text)
    first = apart.parts[0] if apart.parts else None
    if first is None or first.subject or first.language or not subject.strip():
        return text
    lines = lines_of(text)
    return "\n".join([*lines[: apart.begins], f"# {' '.join(subject.split())}", "", *lines[apart.begins :]])


def _written(line: HeadLine) -> str:
    return f"{line.key}: {line.value}"
