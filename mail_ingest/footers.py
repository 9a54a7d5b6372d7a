"""Lines that programs and lawyers put under a mail: "Sent from my …", confidentiality notices, printing pleas."""

from __future__ import annotations

import re

from mail_ingest.lines import Line

_DEVICE = (
    r"(?:iphone|ipad|ipod|android\w*|samsung\w*|galaxy\w*|smartphone|handy|mobiltelefon|mobilger\S*|mobile\w*"
    r"|phone|blackberry\w*|pixel|huawei\w*|nokia\w*|outlook\b.{0,25}|gmail\w*"
    r"|yahoo\w*|mail\b.{0,30}|proton\w*|t[eé]l[eé]phone\w*|portable|mobiel\w*|telefoon|toestel|tablet\w*|celular"
    r"|m[oó]vil|tel[eé]fono|dispositivo\w*|windows\w*|fairphone|thunderbird|spark"
    r"|verizon\w*|t-mobile\w*|wireless\w*|xperia\w*|tel\b|handheld|device|telefon)"
)
_SENT_FROM = re.compile(
    rf"^[\s*_(<-]*(?:(?:sent|send|written|typed)\b.{{0,40}}\b(?:from|via|with|using|on|by)\b.{{0,45}}\b{_DEVICE}"
    rf"|get outlook for\b|sent from [\w .]{{2,25}}<https?:"
    rf"|(?:gesendet|verschickt|geschrieben|diese nachricht wurde)\b.{{0,30}}\b(?:von|mit|über"
    rf"|aus)\b.{{0,40}}{_DEVICE}|von (?:meinem|unterwegs|mein)\b.{{0,30}}(?:gesendet|{_DEVICE})"
    rf"|envoy[eé]e?\b.{{0,20}}\b(?:de|depuis|à partir)\b.{{0,40}}{_DEVICE}|(?:téléchargez|obtenir|obtenez) outlook"
    rf"|(?:verstuurd|verzonden|gestuurd|outlook voor)\b.{{0,20}}\b(?:vanaf|met|vanuit|via|van"
    rf"|voor)\b.{{0,40}}(?:{_DEVICE}|ios)"
    rf"|enviad[oa]\b.{{0,20}}\b(?:desde|de|do|da|dal|con)\b.{{0,40}}{_DEVICE}|obtener outlook"
    rf"|inviato (?:da|dal)\b.{{0,40}}{_DEVICE}|sänt från\b.{{0,40}}|skickat från\b.{{0,40}}|wysłan[oe] z\b.{{0,40}}"
    rf"|lähetetty\b.{{0,40}}|отправлено (?:с|из)\b.{{0,40}}|sendt fra\b.{{0,40}})"
    r"[^\n]{0,60}$",
    re.IGNORECASE,
)
_FROM_MY_DESK = re.compile(r"\bsent from my desk\b", re.IGNORECASE)

_FOOTER = re.compile(
    r"\b(?:confidential\w*|privileged|legally protected|intended (?:only |solely )?(?:for|recipient)"
    r"|intended recipient|privileged|named recipient|unauthori[sz]ed (?:use|disclosure|copying)|disclaimer"
    r"|think before (?:you )?print"
    r"|(?:consider|think of|save) the environment|before printing|virus[- ]free|avast|scanned (?:by|for)"
    r"|received this (?:e-?mail|message|in error)|registered in england"
    r"|vertraulich\w*|(?:rechtlich|gesetzlich) geschützt\w*|nicht der richtige adressat|irrtümlich erhalten"
    r"|bevor sie (?:diese[sr]?|die) .{0,20}(?:ausdrucken|drucken)|denken sie (?:bitte )?an die umwelt"
    r"|an die umwelt|virenfrei"
    r"|confidentiel\w*|destinataire\w*|(?:pensez|penser) à l['’]environnement|avant d['’]imprimer|n['’]imprimez"
    r"|sauvegard\w+ l['’]environnement|par erreur"
    r"|vertrouwelijk\w*|uitsluitend bestemd|geadresseerde\w*|ten onrechte|denk aan het milieu|milieu voordat"
    r"|alvorens (?:u )?(?:deze|dit)|print(?:en)? (?:deze|dit)|algemene voorwaarden"
    r"|confidencial\w*|destinatari[oa]s?|aviso (?:legal|de privacidad)|antes de imprimir|no imprim\w+"
    r"|medio ?ambiente|si (?:ha|usted ha) recibido|protección de datos|rgpd|lopd"
    r"|unsubscribe (?:from|here)|abmelden|allgemeinen? geschäftsbedingungen|terms and conditions apply"
    r"|e-?mail (?:and any|und .{0,20}anhäng|et ses pièces|en (?:eventuele )?bijlagen))\b",
    re.IGNORECASE,
)
_FOOTER_SUBJECT = re.compile(
    r"\b(?:this|the|any) (?:e-?mail|message|communication|information|attachment)|\bdies(?:e|es"
    r"|er)\b.{0,20}(?:e-?mail|nachricht|mail)|\bce (?:message|courriel|mail)|\bcet e-?mail|\bdit (?:bericht"
    r"|e-?mail)|\bdeze (?:e-?mail|mail)"
    r"|\beste (?:mensaje|correo)|\besta comunicación|\bel contenido de este|\binhoud van (?:dit|deze)"
    r"|\bcontenu de ce|e-?mail|\bumwelt\b|\benvironment\b|\benvironnement\b|\bmilieu\b|medio ?ambiente|aviso"
    r"|disclaimer|confidentiality|avis|imprim|print|drucken",
    re.IGNORECASE,
)
_UNDERSCORES = re.compile(r"^\s*_{2,}\s*$")
_LIST_WORDS = re.compile(r"\bmailing[ -]?list\b|/(?:mailman|listinfo)/|\bgroups\.google\.", re.IGNORECASE)
_LIST_FOOTER_LINES = 7
_HEADLINE = re.compile(
    r"^\W*(?:confidentiality|legal|privacy|disclaimer|notice|avis|aviso|hinweis|vertraulichkeit\w*)\b.{0,30}:?\s*$",
    re.IGNORECASE,
)


def is_sent_from(line: str) -> bool:
    """A line a phone or mail program adds, in many languages."""
    return len(line) <= 120 and bool(_SENT_FROM.match(line)) and not _FROM_MY_DESK.search(line)


def sent_from_start(lines: list[Line]) -> int | None:
    """Where a "Sent from …" broken over two lines begins at the end of the text."""
    if len(lines) < 2 or lines[-2].blank:
        return None
    both = f"{lines[-2].text.strip()} {lines[-1].text.strip()}"
    return len(lines) - 2 if is_sent_from(both) and not is_sent_from(lines[-1].text) else None


def list_footer_start(lines: list[Line]) -> int | None:
    """Where the footer of a mailing list begins: a rule, and a few lines that name the list."""
    for at in range(max(0, len(lines) - _LIST_FOOTER_LINES), len(lines)):
        if _UNDERSCORES.match(lines[at].text) and any(_LIST_WORDS.search(line.text) for line in lines[at + 1 :]):
            return at
    return None


def is_footer(text: str) -> bool:
    """Whether a line or paragraph is a legal or environmental footer, and asks nothing."""
    if "?" in text:
        return False
    return bool(_HEADLINE.match(text) or (_FOOTER.search(text) and _FOOTER_SUBJECT.search(text)))
