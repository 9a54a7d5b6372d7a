"""The HTML of what a mail says: paragraphs, lists, links, quotations and tables of figures, safe by an allow-list."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence

import nh3

from bot.channels.email.look import Palette
from bot.vocabulary.layout import Block, Column, Listing, Paragraph, Quotation, Row, Table

FONT = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;"

_TAGS = {
    "p", "br", "ul", "ol", "li", "a", "blockquote", "h2", "h3", "hr", "strong", "em", "s", "code", "pre",
    "table", "thead", "tbody", "tr", "th", "td", "span",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href"}, "th": {"scope", "class", "align"}, "td": {"class", "colspan", "align"}, "ol": {"start"},
    "table": {"class"}, "tr": {"class"}, "span": {"class"},
}  # fmt: skip
_URL = re.compile(r"https?://[^\s<>\"']{3,1000}[^\s<>\"'.,;:!?)]")
_ITEM = re.compile(r"^\s*[-*•]\s+")
_KIND = re.compile(r' class="([a-z]+)"')
_OPENING = re.compile(r"<(?P<tag>[a-z][a-z0-9]*)(?P<rest>[^>]*)>")
_FIGURE_LENGTH = 18  # characters that stay on one line beside their label on a telephone


def of_layout(layout: Sequence[Block]) -> str:
    """Bare HTML of a reply's layout; nothing in its texts can become markup."""
    return clean("".join(_of_block(block) for block in layout))


def of_text(text: str) -> str:
    """Bare HTML of a plain text: its paragraphs, runs of `- ` lines as lists, and links."""
    return clean(_paragraphs(text))


def clean(bare: str) -> str:
    """Only what a mail of ours may hold; whatever else came in is gone, and links lead to the web or to a mail."""
    return nh3.clean(
        bare,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )


def styled(bare: str, palette: Palette) -> str:
    """With the styles inline, a class for dark colours, and each text running in its own direction."""
    return _OPENING.sub(lambda found: _styled(found, palette), bare)


def _of_block(block: Block) -> str:
    match block:
        case Paragraph(text):
            return _paragraphs(text)
        case Quotation(text):
            return f"<blockquote>{_paragraphs(text)}</blockquote>"
        case Listing(rows) if any(row.label for row in rows):
            return f"<table><tbody>{''.join(_row(row) for row in rows)}</tbody></table>"
        case Listing(rows):
            return f"<ul>{''.join(f'<li>{_lines(row.values)}</li>' for row in rows)}</ul>"
        case Table(columns, rows):
            body = "".join(_table_row(columns, row) for row in rows)
            return f'<table class="grid"><thead>{_titles(columns)}</thead><tbody>{body}</tbody></table>'


def _row(row: Row) -> str:
    if not row.label:
        return f'<tr><td colspan="2">{_lines(tuple(map(_sentence, row.values)))}</td></tr>'
    head = "entry" if len(row.values) > 1 else "label"
    kind = "figure" if _is_figure(row.values) else "entry" if len(row.values) > 1 else "words"
    return (
        f'<tr><th scope="row" class="{head}">{_inline(_sentence(row.label))}</th>'
        f'<td class="{kind}">{_lines(row.values)}</td></tr>'
    )


def _titles(columns: Sequence[Column]) -> str:
    """Each head of a column with the class that its cells have; a narrow window shows the labels in the cells."""
    heads = [f'<th scope="col" class="{_title(c)}">{_inline(c.label)}</th>' for c in columns if not c.below]
    return f'<tr class="titles">{"".join(heads)}</tr>'


def _title(column: Column) -> str:
    return "titlefigures" if column.figures else "title"


def _table_row(columns: Sequence[Column], row: Sequence[str]) -> str:
    cells = list(zip(columns, row, strict=True))
    beside = "".join(_cell(column, text) for column, text in cells[1:] if not column.below)
    across = sum(not column.below for column in columns)
    below = "".join(_below(column, text, across) for column, text in cells[1:] if column.below and text)
    return f'<tr><th scope="row" class="name">{_inline(row[0])}</th>{beside}</tr>{below}'


def _cell(column: Column, text: str) -> str:
    kind = "figures" if column.figures else "cell"
    label = f'<span class="label">{_inline(column.label)} </span>' if text else ""
    return f'<td class="{kind}">{label}{_inline(text)}</td>'


def _below(column: Column, text: str, across: int) -> str:
    label = f'<span class="quiet">{_inline(column.label)} </span>'
    return f'<tr><td class="below" colspan="{across}">{label}{_inline(text)}</td></tr>'


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _is_figure(values: Sequence[str]) -> bool:
    """One number with its currency or per cent: short, with digits and at most a currency's letters."""
    if len(values) != 1 or len(values[0]) > _FIGURE_LENGTH:
        return False
    letters = sum(char.isalpha() for char in values[0])
    return letters <= 3 and any(char.isdigit() for char in values[0])


def _lines(values: Sequence[str]) -> str:
    return "<br>".join(_inline(value) for value in values)


def _paragraphs(text: str) -> str:
    blocks = [block for block in re.split(r"\n\s*\n", text.strip("\n")) if block.strip()]
    return "".join(_paragraph(block) for block in blocks)


def _paragraph(block: str) -> str:
    """Lines of a paragraph; runs of `- ` lines in it become a list."""
    parts: list[str] = []
    items: list[str] = []
    lines: list[str] = []
    for line in block.split("\n"):
        if _ITEM.match(line):
            _close(parts, lines, lambda said: f"<p>{'<br>'.join(said)}</p>")
            items.append(f"<li>{_inline(_ITEM.sub('', line))}</li>")
        else:
            _close(parts, items, lambda said: f"<ul>{''.join(said)}</ul>")
            lines.append(_inline(line))
    _close(parts, lines, lambda said: f"<p>{'<br>'.join(said)}</p>")
    _close(parts, items, lambda said: f"<ul>{''.join(said)}</ul>")
    return "\n".join(parts) + "\n"


def _close(parts: list[str], pieces: list[str], joined: Callable[[list[str]], str]) -> None:
    if pieces:
        parts.append(joined(pieces))
        pieces.clear()


def _inline(line: str) -> str:
    pieces: list[str] = []
    at = 0
    for found in _URL.finditer(line):
        url = html.escape(found[0], quote=True)
        pieces += [html.escape(line[at : found.start()], quote=False), f'<a href="{url}">{url}</a>']
        at = found.end()
    return "".join([*pieces, html.escape(line[at:], quote=False)])


def _styled(found: re.Match[str], palette: Palette) -> str:
    tag, rest = found["tag"], found["rest"]
    kind = _KIND.search(rest)
    style, names, runs = _STYLES.get(f"{tag}.{kind[1]}" if kind else tag, ("", "", False))
    if not style:
        return found[0]
    for name in ("accent", "text", "line", "tint", "quiet"):
        style = style.replace(f"[{name}]", str(getattr(palette, name)))
    if 'align="right"' in rest:
        style = style.replace(_AT_START, _AT_END)
    direction = ' dir="auto"' if runs else ""
    table = ' width="100%" cellpadding="0" cellspacing="0" border="0"' if tag == "table" else ""
    return f'<{tag}{_KIND.sub("", rest)}{table}{direction} class="{names}" style="{style}">'


# Sides are said twice: left and right for Outlook on Windows, then start and end, which turn with the text.
_AT_START, _AT_END = "text-align:left;text-align:start;", "text-align:right;text-align:end;"
_CELL = (
    FONT + "padding:8px 0;border-bottom:1px solid [line];font-size:16px;line-height:24px;color:[text];"
    "vertical-align:top;" + _AT_START
)
# A cell of a table takes a line of its own where nothing says how wide the window is; wide ones make it a column.
_GRID = (
    FONT + "display:block;padding:0;border:0 solid [line];font-size:15px;line-height:23px;color:[text];"
    "vertical-align:top;overflow-wrap:anywhere;" + _AT_START
)
_TITLE = "font-weight:normal;color:[quiet];"
_HEADING = FONT + "font-weight:bold;color:[text];"
_QUOTED = (
    "border-left:3px solid [accent];border-inline-start:3px solid [accent];border-inline-end:0;"
    "background-color:[tint];color:[text];"
)
_CODE = "font-family:Consolas,Menlo,monospace;font-size:14px;background-color:[tint];"

_STYLES = {
    "p": ("margin:0 0 16px 0;color:[text];", "pl-text", True),
    "h2": ("margin:24px 0 8px 0;font-size:19px;line-height:26px;" + _HEADING, "pl-text", True),
    "h3": ("margin:20px 0 8px 0;font-size:16px;line-height:24px;" + _HEADING, "pl-text", True),
    "ul": ("margin:0 0 16px 0;padding:0 0 0 24px;padding-inline:24px 0;color:[text];", "pl-text", True),
    "ol": ("margin:0 0 16px 0;padding:0 0 0 28px;padding-inline:28px 0;color:[text];", "pl-text", True),
    "li": ("margin:0 0 6px 0;color:[text];", "pl-text", True),
    "a": ("color:[accent];text-decoration:underline;", "pl-link", False),
    "blockquote": (
        "margin:0 0 16px 0;padding:14px 18px 0 18px;border:0;overflow:hidden;" + _QUOTED,
        "pl-tint pl-text pl-rule",
        True,
    ),
    "hr": ("margin:24px 0;border:0;border-top:1px solid [line];", "pl-line", False),
    "code": (_CODE, "pl-tint", False),
    "pre": (
        "margin:0 0 16px 0;padding:12px;line-height:20px;white-space:pre-wrap;color:[text];" + _CODE,
        "pl-tint pl-text",
        False,
    ),
    "table": ("width:100%;margin:0 0 20px 0;border-collapse:collapse;border-top:1px solid [line];", "pl-line", False),
    "th": (_CELL + "font-weight:bold;", "pl-text pl-line", True),
    "td": (_CELL, "pl-text pl-line", True),
    "th.label": (_CELL + "padding-right:16px;padding-inline:0 16px;font-weight:normal;", "pl-text pl-line", True),
    "td.words": (_CELL, "pl-text pl-line", True),
    "td.figure": (
        _CELL.replace(_AT_START, _AT_END) + "white-space:nowrap;font-weight:bold;font-variant-numeric:tabular-nums;",
        "pl-text pl-line",
        True,
    ),
    "th.entry": (_CELL + "padding-right:16px;padding-inline:0 16px;font-weight:bold;", "pl-text pl-line pl-over", True),
    "td.entry": (_CELL, "pl-text pl-line pl-under", True),
    "table.grid": (
        "width:100%;margin:0 0 20px 0;border-collapse:collapse;border:0 solid [line];",
        "pl-line pl-grid",
        False,
    ),
    "tr.titles": ("display:none;", "pl-titles", False),
    "th.title": (_GRID + _TITLE, "pl-quiet pl-line pl-cell", True),
    "th.titlefigures": (_GRID + _TITLE, "pl-quiet pl-line pl-cell pl-figures", True),
    "th.name": (
        _GRID + "padding:10px 0 0 0;border-top-width:1px;font-weight:bold;",
        "pl-text pl-line pl-cell pl-name",
        True,
    ),
    "td.cell": (_GRID, "pl-text pl-line pl-cell", True),
    "td.figures": (_GRID + "font-variant-numeric:tabular-nums;", "pl-text pl-line pl-cell pl-figures", True),
    "td.below": (_GRID + "padding-bottom:10px;", "pl-text pl-line pl-after", True),
    "span.label": ("color:[quiet];", "pl-quiet pl-label", False),
    "span.quiet": ("color:[quiet];", "pl-quiet", False),
}
"""Element and its kind -> (style, classes that dark colours and telephones know, whether it has its own direction)."""
