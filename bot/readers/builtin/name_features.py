"""What the tagger sees of each token: words and shapes around it, its line, its run of capitals, and the addresses."""

from __future__ import annotations

from bot.readers.builtin.agreement import in_host, in_mailbox
from bot.readers.builtin.document import Token
from bot.readers.builtin.glance import Glance
from bot.readers.builtin.name_shapes import Run, may_be_in_a_name
from bot.vocabulary.company_names import LEGAL_FORMS


def token_features(glance: Glance) -> list[list[str]]:
    """The names of the features of each token."""
    document, said, shapes, spelled = glance.document, glance.said, glance.shapes, glance.spelled
    lines = _line_facts(glance)
    result = _window(glance, lines)
    for i, token in enumerate(glance.tokens):
        w, s = said[i], shapes[i]
        names = result[i]
        if token.start < document.body:
            names += [f"subject {s}", f"subject {said[i - 1] if i else '$'} {s}"]
        elif s[0] in "Aa" and len(w) > 3 and w in glance.subject:
            names.append(f"insubject {s}")
        if i in spelled:
            names += [f"spells {spelled[i]}", f"spells {spelled[i]} {s}"]
        if s[0] in "Aa<" and may_be_in_a_name(token):
            names += _word_facts(token, s, glance.hosts, glance.mailboxes, glance.often[w])
    for run in glance.runs:
        _add_run(result, run, said, spelled)
    return result


def _window(glance: Glance, lines: list[tuple[str, str, str]]) -> list[list[str]]:
    """The words and shapes at most two tokens away, and where the token stands in its line."""
    said, shapes, language = glance.said, glance.shapes, glance.document.language
    words = ["$", "$", *said, "$", "$"]
    forms = ["$", "$", *shapes, "$", "$"]
    result = []
    for i, (head, from_end, column) in enumerate(lines):
        p2, p1, w, n1, n2 = words[i : i + 5]
        sq, sp, s, sn, sm = forms[i : i + 5]
        features = [
            "1", f"w{w}", f"p{p1}", f"n{n1}", f"q{p2}", f"m{n2}", f"pw{p1} {w}", f"wn{w} {n1}", f"qp{p2} {p1}",
            f"nm{n1} {n2}", f"s{s}", f"sp{sp} {s}", f"sn{s} {sn}", f"sps{sp} {s} {sn}", f"ps{p1} {s}", f"ns{n1} {s}",
            f"<{w[:3]}", f">{w[-3:]}", f">>{w[-4:]} {s}", f"l{language} {s}", f"h{head} {s}",
            f"e{from_end} {s}", f"c{column} {s}", f"qs{p2} {s}", f"ss{sq} {sp} {s} {sn}", f"s2{s} {sn} {sm}",
        ]  # fmt: skip
        if n1 in LEGAL_FORMS or n2 in LEGAL_FORMS:
            features.append(f"legal ahead {s}")
        if glance.titled(i):
            features.append(f"titled {s}")
        result.append(features)
    return result


def _word_facts(token: Token, s: str, hosts: list[str], mailboxes: set[str], times: int) -> list[str]:
    found = [f"often {min(times, 3)} {s}"]
    if in_host(token.text, hosts):
        found += ["host", f"host {s}"]
    if in_mailbox(token.text, mailboxes):
        found += ["local", f"local {s}"]
    return [*found, "legal"] if token.text.casefold().strip(".") in LEGAL_FORMS else found


def _add_run(result: list[list[str]], run: Run, said: list[str], spelled: dict[int, str]) -> None:
    """What stands before and behind a run of capitals, for each of its tokens."""
    before = said[run.start - 1] if run.start else "$"
    earlier = said[run.start - 2] if run.start > 1 else "$"
    after = said[run.end] if run.end < len(said) else "$"
    later = said[run.end + 1] if run.end + 1 < len(said) else "$"
    size = min(run.end - run.start, 4)
    facts = [f"rb{before}", f"rbb{earlier} {before}", f"ra{after}", f"raa{after} {later}", f"rba{before} {after}"]
    facts += [f"rl{size}", f"rlegal{run.legal}", f"rhost{any(p in spelled for p in range(run.start, run.end))}"]
    facts += [f"rw{before[-3:]} {size}"]
    for place in range(run.start, run.end):
        where = "B" if place == run.start else "I"
        result[place] += [f"{fact} {where}" for fact in facts]


def _line_facts(glance: Glance) -> list[tuple[str, str, str]]:
    """For each token: the word before a colon that leads its line, its line counted from the end, its column."""
    said, lines = glance.said, glance.lines
    facts: list[tuple[str, str, str]] = [("", "", "")] * len(said)
    for number, line in enumerate(lines):
        from_end = str(min(4, len(lines) - number))
        colon = next((k for k, i in enumerate(line[:6]) if said[i] in (":", "=", "|")), -1)
        for k, i in enumerate(line):
            head = said[line[0]] if 0 <= colon < k else "-"
            if head == "-" and said[line[0]] in ("-", "•", "*", "–", ">") and 1 < colon < k:
                head = said[line[1]]
            facts[i] = (head, from_end, str(min(k, 2)))
    return facts
