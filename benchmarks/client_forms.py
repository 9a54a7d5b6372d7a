"""How mail programs lay out an answer: each form puts new sentences above, below or between quoted ones.

Written after what the programs send, cut down to what tells new from old: classes, ids, rules and attribution lines.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

WHO = "Vendor Partners"
AT = "partners@vendor.example"


@dataclass(frozen=True, slots=True)
class Body:
    text: str = ""
    html: str = ""


Write = Callable[[Sequence[str], Sequence[str]], Body]


def quoted(lines: Sequence[str]) -> str:
    return "\n".join(f"> {line}" for line in lines)


def paragraphs(lines: Sequence[str]) -> str:
    return "".join(f"<div>{escape(line)}</div>" for line in lines)


def _text_above(introduction: str) -> Write:
    return lambda new, old: Body("\n".join(new) + f"\n\n{introduction}\n\n{quoted(old)}\n")


def _text_unmarked(introduction: str) -> Write:
    return lambda new, old: Body("\n".join(new) + f"\n\n{introduction}\n\n" + "\n".join(old) + "\n")


def _text_below(introduction: str) -> Write:
    return lambda new, old: Body(f"{introduction}\n{quoted(old)}\n\n" + "\n".join(new) + "\n")


def _text_between(introduction: str) -> Write:
    def write(new: Sequence[str], old: Sequence[str]) -> Body:
        pairs = "\n\n".join(f"> {question}\n\n{answer}" for question, answer in zip(old, new, strict=False))
        rest = "\n".join(new[len(old) :])
        return Body(f"{introduction}\n\n{pairs}\n\n{rest}\n")

    return write


def _text_close_between(introduction: str) -> Write:
    """Answers right below the quoted line, without a blank line."""

    def write(new: Sequence[str], old: Sequence[str]) -> Body:
        pairs = "\n".join(f"> {question}\n{answer}" for question, answer in zip(old, new, strict=False))
        rest = "\n".join(new[len(old) :])
        return Body(f"{introduction}\n{pairs}\n{rest}\n")

    return write


def _html(template: str) -> Write:
    """`{new}` and `{old}` are filled with paragraphs."""
    return lambda new, old: Body("", template.replace("{new}", paragraphs(new)).replace("{old}", paragraphs(old)))


def _html_between(before: str, opened: str, closed: str, after: str) -> Write:
    def write(new: Sequence[str], old: Sequence[str]) -> Body:
        pairs = "".join(
            f"{opened}<div>{escape(q)}</div>{closed}<div>{escape(a)}</div>" for q, a in zip(old, new, strict=False)
        )
        return Body("", before + pairs + paragraphs(new[len(old) :]) + after)

    return write


INTRODUCTIONS = {
    "gmail en": f"On Mon, Nov 9, 2026 at 9:02 AM {WHO} <{AT}> wrote:",
    "gmail en wrapped": f"On Mon, Nov 9, 2026 at 9:02 AM {WHO} <\n{AT}> wrote:",
    "gmail de": f"Am Mo., 9. Nov. 2026 um 09:02 Uhr schrieb {WHO} <{AT}>:",
    "gmail fr": f"Le lun. 9 nov. 2026 à 09:02, {WHO} <{AT}> a écrit :",
    "gmail nl": f"Op ma 9 nov 2026 om 09:02 schreef {WHO} <{AT}>:",
    "gmail es": f"El lun, 9 nov 2026 a las 9:02, {WHO} (<{AT}>) escribió:",
    "gmail it": f"Il giorno lun 9 nov 2026 alle ore 09:02 {WHO} <{AT}> ha scritto:",
    "gmail pt": f"Em seg., 9 de nov. de 2026 às 09:02, {WHO} <{AT}> escreveu:",
    "gmail pl": f"pon., 9 lis 2026 o 09:02 {WHO} <{AT}> napisał(a):",
    "gmail ja": f"2026年11月9日(月) 9:02 {WHO} <{AT}>:",
    "gmail zh": f"{WHO} <{AT}> 于2026年11月9日周一 09:02写道：",
    "gmail ko": f"2026년 11월 9일 (월) 오전 9:02, {WHO} <{AT}>님이 작성:",
    "apple en": f"On 9 Nov 2026, at 09:02, {WHO} <{AT}> wrote:",
    "apple de": f"Am 09.11.2026 um 09:02 schrieb {WHO} <{AT}>:",
    "apple fr": f"Le 9 nov. 2026 à 09:02, {WHO} <{AT}> a écrit :",
    "apple nl": f"Op 9 nov 2026, om 09:02 heeft {WHO} <{AT}> het volgende geschreven:",
    "apple es": f"El 9 nov 2026, a las 9:02, {WHO} <{AT}> escribió:",
    "thunderbird en": f"On 09/11/2026 09:02, {WHO} wrote:",
    "thunderbird de": f"Am 09.11.26 um 09:02 schrieb {WHO}:",
    "thunderbird fr": f"Le 09/11/2026 à 09:02, {WHO} a écrit :",
    "thunderbird nl": f"Op 09-11-2026 om 09:02 schreef {WHO}:",
    "thunderbird es": f"El 9/11/26 a las 9:02, {WHO} escribió:",
    "yahoo en": f"    On Monday, November 9, 2026 at 09:02:11 AM GMT+1, {WHO} <{AT}> wrote:  ",
    "yahoo de": f"    Am Montag, 9. November 2026 um 09:02:11 MEZ hat {WHO} <{AT}> Folgendes geschrieben:  ",
    "yahoo fr": f"    Le lundi 9 novembre 2026 à 09:02:11 UTC+1, {WHO} <{AT}> a écrit :  ",
    "yahoo nl": f"    Op maandag 9 november 2026 om 09:02:11 CET schreef {WHO} <{AT}>:  ",
    "yahoo es": f"    En lunes, 9 de noviembre de 2026, 09:02:11 CET, {WHO} <{AT}> escribió:  ",
    "proton en": f"On Monday, November 9th, 2026 at 9:02 AM, {WHO} <{AT}> wrote:",
    "proton de": f"{WHO} <{AT}> schrieb am Montag, 9. November 2026 um 09:02:",
    "proton fr": f"Le lundi 9 novembre 2026 à 09:02, {WHO} <{AT}> a écrit :",
}
_KEYS = {
    "en": ("From", "Sent", "To", "Subject", "Original Message"),
    "de": ("Von", "Gesendet", "An", "Betreff", "Ursprüngliche Nachricht"),
    "fr": ("De", "Envoyé", "À", "Objet", "Message d'origine"),
    "nl": ("Van", "Verzonden", "Aan", "Onderwerp", "Oorspronkelijk bericht"),
    "es": ("De", "Enviado", "Para", "Asunto", "Mensaje original"),
}


def header_block(language: str, *, starred: bool = False) -> str:
    star = "*" if starred else ""
    space = " " if language == "fr" else ""
    values = (f"{WHO} <{AT}>", "Monday, 9 November 2026 09:02", "Ann Verbeke <ann@verbeke-groep.example>", "News")
    return "\n".join(
        f"{star}{key}{space}:{star} {value}" for key, value in zip(_KEYS[language][:4], values, strict=True)
    )


def _html_block(language: str) -> str:
    lines = header_block(language).split("\n")
    return "<br>".join(f"<b>{escape(k)}:</b>{escape(v)}" for k, _, v in (line.partition(":") for line in lines))


_GMAIL = f'<div dir="ltr" class="gmail_attr">{escape(INTRODUCTIONS["gmail en"])}<br></div>'
_GMAIL_QUOTE = (
    '<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204)">'
)
_CITE = '<blockquote type="cite">'
_PREFIX = f'<div class="moz-cite-prefix">{escape(INTRODUCTIONS["thunderbird de"])}<br></div>'


def _outlook_forms() -> dict[str, Write]:
    found: dict[str, Write] = {}
    for language, keys in _KEYS.items():
        block, rows = header_block(language), _html_block(language)
        found[f"outlook classic text {language}"] = _text_unmarked(f"-----{keys[4]}-----\n{block}")
        found[f"outlook text {language}"] = _text_unmarked(f"{'_' * 32}\n{block}")
        found[f"outlook starred text {language}"] = _text_unmarked(header_block(language, starred=True))
        found[f"outlook classic html {language}"] = _html(
            '<div class="WordSection1">{new}<p class="MsoNormal"><o:p>&nbsp;</o:p></p>'
            '<div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
            f'<p class="MsoNormal">{rows}</p></div>{{old}}</div>'
        )
        found[f"outlook web html {language}"] = _html(
            '<div class="elementToProof">{new}</div><div id="appendonsend"></div><hr tabindex="-1">'
            f'<div id="divRplyFwdMsg" dir="ltr"><font>{rows}</font><div>&nbsp;</div></div><div>{{old}}</div>'
        )
        found[f"outlook new html {language}"] = _html(
            '<div dir="ltr">{new}</div><div id="ms-outlook-mobile-signature"><div><br></div>'
            'Get <a href="https://aka.ms/x">Outlook for iOS</a></div>'
            f'<div id="mail-editor-reference-message-container"><div>{rows}</div><div>{{old}}</div></div>'
        )
        found[f"outlook mobile typed into its signature {language}"] = _html(
            f'<div dir="ltr"></div><div id="ms-outlook-mobile-signature" dir="auto">{{new}}</div>'
            f'<hr><div id="divRplyFwdMsg" dir="ltr">{rows}</div><div>{{old}}</div>'
        )
    return found


def _text_forms() -> dict[str, Write]:
    found: dict[str, Write] = {}
    for name, introduction in INTRODUCTIONS.items():
        found[f"{name} above"] = _text_above(introduction)
        found[f"{name} below"] = _text_below(introduction)
        found[f"{name} between"] = _text_between(introduction)
        found[f"{name} close between"] = _text_close_between(introduction)
        if name.startswith("yahoo"):
            found[f"{name} unmarked"] = _text_unmarked(introduction)
    return found


FORMS: dict[str, Write] = {
    **_text_forms(),
    **_outlook_forms(),
    "iphone text": lambda new, old: Body(
        "\n".join(new) + f"\n\nSent from my iPhone\n\n{quoted([INTRODUCTIONS['apple en'], '', *old])}\n"
    ),
    "proton text": lambda new, old: Body(
        "\n".join(new) + f"\n\nSent with Proton Mail secure email.\n\n{INTRODUCTIONS['proton en']}\n\n{quoted(old)}\n"
    ),
    "samsung text": lambda new, old: Body(
        "\n".join(new)
        + "\n\nSent from my Galaxy\n\n\n-------- Original message --------\n"
        + f"From: {WHO} <{AT}> \nDate: 09/11/2026  09:02  (GMT+01:00) \nTo: ann@verbeke-groep.example \n"
        + "Subject: News \n\n"
        + "\n".join(old)
    ),
    "gmail html": _html(
        f'<div dir="ltr">{{new}}</div><br><div class="gmail_quote gmail_quote_container">{_GMAIL}'
        f"{_GMAIL_QUOTE}{{old}}</blockquote></div>"
    ),
    "gmail html below": _html(
        f'<div class="gmail_quote">{_GMAIL}{_GMAIL_QUOTE}{{old}}</blockquote><div><br></div>{{new}}</div>'
    ),
    "gmail html after the quote": _html(
        f'<div class="gmail_quote">{_GMAIL}{_GMAIL_QUOTE}{{old}}</blockquote></div><div dir="ltr">{{new}}</div>'
    ),
    "gmail html between": _html_between(f'<div class="gmail_quote">{_GMAIL}', _GMAIL_QUOTE, "</blockquote>", "</div>"),
    "apple html": _html(
        f"<body>{{new}}<br><div><br>{_CITE}<div>{escape(INTRODUCTIONS['apple en'])}</div><br>"
        "<div>{old}</div></blockquote></div><br></body>"
    ),
    "apple html between": _html_between(
        f"<div>{_CITE}<div>{escape(INTRODUCTIONS['apple en'])}</div></blockquote>", _CITE, "</blockquote>", "</div>"
    ),
    "iphone html": _html(
        '<body dir="auto">{new}<br id="lineBreakAtBeginningOfSignature"><div dir="ltr">Sent from my iPhone</div>'
        f'<div dir="ltr"><br>{_CITE}{escape(INTRODUCTIONS["apple en"])}<br><br></blockquote></div>'
        f'{_CITE}<div dir="ltr">{{old}}</div></blockquote></body>'
    ),
    "thunderbird html above": _html(f"{{new}}{_PREFIX}{_CITE}{{old}}</blockquote>"),
    "thunderbird html below": _html(f"{_PREFIX}{_CITE}{{old}}</blockquote>{{new}}"),
    "thunderbird html between": _html_between(_PREFIX, _CITE, "</blockquote>", ""),
    "yahoo html": _html(
        '<div class="ydp1yahoo-style-wrap"><div dir="ltr">{new}</div><div><br></div></div>'
        f'<div id="ydp2yahoo_quoted_1" class="ydp2yahoo_quoted"><div>{escape(INTRODUCTIONS["yahoo en"])}</div>'
        "<div>{old}</div></div>"
    ),
    "proton html": _html(
        '<div>{new}</div><div class="protonmail_signature_block"><div class="protonmail_signature_block-proton">'
        'Sent with <a href="https://proton.me">Proton Mail</a> secure email.</div></div><div class="protonmail_quote">'
        f"{escape(INTRODUCTIONS['proton en'])}<br><br>"
        '<blockquote class="protonmail_quote" type="cite">{old}</blockquote></div>'
    ),
    "gmx html": _html(
        '{new}<div name="quote" style="margin:10px 5px 5px 10px; border-left:2px solid #C3D9E5;">'
        f'<div><b>Gesendet:</b> Montag, 9. November 2026 um 09:02<br><b>Von:</b> "{WHO}" &lt;{AT}&gt;<br>'
        '<b>An:</b> ann@verbeke-groep.example<br><b>Betreff:</b> News</div><div name="quoted-content">{old}</div></div>'
    ),
    "zoho html": _html(
        '<div>{new}</div><div class="zmail_extra"><div id="Zm-_Id_-Sgn1">'
        "---- On Mon, 09 Nov 2026 09:02:11 +0100 <b>Vendor Partners &lt;partners@vendor.example&gt;</b> wrote ---</div>"
        "<blockquote>{old}</blockquote></div>"
    ),
    "windows mail html": _html(
        '<div>{new}</div><div data-signatureblock="true"><br></div>'
        '<div style="padding-top: 5px; border-top-color: rgb(229, 229, 229); border-top-width: 1px;'
        f' border-top-style: solid;"><div><font>{_html_block("en")}</font></div></div><div>{{old}}</div>'
    ),
}
