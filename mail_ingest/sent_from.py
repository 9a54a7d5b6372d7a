"""Lines that phones and mail programs put under a mail: "Sent from my …", "Get Outlook for …".

A sender writes "Sent it by mail on Monday" too. So the words must stand as programs put them: the verb, at once a word
for "from", a device or a program, and then no more than a few words or an excuse for typing errors.
"""

from __future__ import annotations

import re

from mail_ingest.lines import Line

_DEVICE = (
    r"(?:iphone|ipad|ipod|apple watch|android|samsung|galaxy|smartphone|handy|mobiltelefon|mobilger[äa]t|mobile|mobil"
    r"|phone|blackberry|pixel|huawei|nokia|xiaomi|redmi|oneplus|motorola|outlook|gmail|yahoo|proton ?mail|protonmail"
    r"|bluemail|aquamail|hotmail|(?:\w+ )?mail (?:app|for|für|pour|voor|para)|windows mail|t[eé]l[eé]phone|portable"
    r"|mobieltje|mobiel|telefoon|toestel|tablet|celular|m[oó]vil|tel[eé]fono|dispositivo|telem[oó]vel|fairphone"
    r"|thunderbird|spark|superhuman|front|verizon|t-mobile|telekom|vodafone|wireless|xperia|handheld|device|telefon"
    r"|tel|cell|workspace|zimbra|roundcube|webmail|mailbird|canary|newton|missive)"
)
_FEW_WORDS = r"(?:[^\w\n][^\n<]{0,24})?(?:<?https?:[^\s>]{1,80}>?)?\W{0,3}$"
_EXCUSE = (
    r"[^\n]{0,50}?(?:excuse|forgive|sorry|apolog|typo|brevity|short|autocorrect|thumbs|tippfehler|fehler|kurz|pardon"
    r"|coquille|faute|bref|typ\w*fout|beknopt|kort|errata|errores|disculp|perd[oó]n|breve)[^\n]{0,40}$"
)
_SENT_FROM = re.compile(
    r"^[\s*_(<\[>-]*(?:"
    r"(?:sent|written|typed|composed)(?: (?:in haste|on the go|automatically|securely|by mistake))?"
    rf" (?:from|via|with|using|on|by)\b[^\n.:;?!]{{0,25}}?\b{_DEVICE}"
    r"|(?:gesendet|verschickt|geschrieben|getippt)(?: (?:unterwegs|mobil))?"
    rf" (?:von|vom|mit|über|aus|per)\b[^\n.:;?!]{{0,25}}?\b{_DEVICE}"
    rf"|diese (?:nachricht|e-?mail|mail) wurde (?:von|mit|über)\b[^\n.:;?!]{{0,40}}\b{_DEVICE}"
    rf"|von (?:meinem|meiner|mein|unterwegs)\b[^\n,.:;?!]{{0,30}}?(?:gesendet|verschickt|geschrieben|\b{_DEVICE})"
    rf"|envoy[eé]e?s?(?: (?:de|depuis|avec|via|par|à partir de|à partir du))\b[^\n.:;?!]{{0,25}}?\b{_DEVICE}"
    rf"|(?:verstuurd|verzonden|gestuurd|getypt) (?:vanaf|met|vanuit|via|van|op)\b[^\n.:;?!]{{0,25}}?\b{_DEVICE}"
    rf"|enviad[oa] (?:desde|de|do|da|dal|con|a través de|pelo|por)\b[^\n.:;?!]{{0,25}}?\b{_DEVICE}"
    rf"|inviato (?:da|dal|dallo|con)\b[^\n.:;?!]{{0,25}}?\b{_DEVICE}"
    r")",
    re.IGNORECASE,
)
_END = re.compile(rf"(?:'\w+)?(?:{_FEW_WORDS}|{_EXCUSE})", re.IGNORECASE)
_ADVERTISED = re.compile(
    r"^[\s*_(<\[>-]*(?:"
    r"(?:get|download|try|obtenez|obtenir|téléchargez|télécharger|obtener|obtén|descarg(?:ar|a|ue)|holen sie(?: sich)?"
    r"|laden sie|haal|downloaden?) (?:the )?(?:outlook|gmail|bluemail|yahoo mail|proton ?mail|mail app|spark|edison)"
    r" (?:for|für|pour|para|voor)\b"
    r"|outlook (?:for|für|pour|para|voor) (?:ios|android|mac|iphone)"
    r"|sent from [\w .]{2,25}<https?:"
    r"|(?:sänt|skickat) från (?:min|mitt|outlook)\b|wysłan[oe] z(?:e)? (?:telefonu|urządzenia|iphone|mojego)"
    r"|lähetetty (?:iphone|ipad|android|outlook|puhelime|samsung)|отправлено (?:с|из) (?:iphone|ipad|android|моего)"
    r"|sendt fra (?:min|mit|outlook)\b|iphone['’]?\w* gönderildi|von unterwegs$"
    r")[^\n]{0,60}$",
    re.IGNORECASE,
)
_TOLD = re.compile(
    r"\?|\b(?:from my desk|yesterday|today|tomorrow|monday|tuesday|wednesday|thursday|friday|ago|last|already|again"
    r"|gestern|heute|morgen|montag|dienstag|mittwoch|donnerstag|freitag|schon|bereits|hier|aujourd|demain|lundi|mardi"
    r"|mercredi|jeudi|vendredi|déjà|gisteren|vandaag|maandag|dinsdag|woensdag|donderdag|vrijdag|al|ayer|hoy|lunes"
    r"|martes|miércoles|jueves|viernes|ya|not|no|nicht|pas|niet)\b",
    re.IGNORECASE,
)
_LONGEST = 120


def is_sent_from(line: str) -> bool:
    """A line a phone or mail program adds, in many languages, and not something said about sending."""
    if len(line) > _LONGEST:
        return False
    if _ADVERTISED.match(line):
        return True
    found = _SENT_FROM.match(line)
    return bool(found and _END.match(line, found.end()) and not _TOLD.search(line))


def sent_from_start(lines: list[Line]) -> int | None:
    """Where a "Sent from …" broken over two lines begins at the end of the text."""
    if len(lines) < 2 or lines[-2].blank or is_sent_from(lines[-1].text):
        return None
    both = f"{lines[-2].text.strip()} {lines[-1].text.strip()}"
    return len(lines) - 2 if is_sent_from(both) else None
