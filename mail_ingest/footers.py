"""Footers that lawyers and programs put under a mail: confidentiality notices, printing pleas, virus scans, lists.

Partners write about confidential deals, about mails, printing and unsubscribing as well. So a footer needs the wording
of one: it speaks of this mail as a thing, in several of the ways that lawyers do; a single legal word is not enough.
"""

from __future__ import annotations

import re

from mail_ingest.lines import Line

# "This e-mail …", "If you have received …": how such notices begin, behind an optional headline.
_HEADLINE = (
    r"(?:confidentiality(?: notice)?|confidential|legal (?:notice|disclaimer)|privacy notice|disclaimer|notice"
    r"|important(?: notice)?|caution|avis de confidentialité|avis légal|mention légale"
    r"|aviso (?:legal|de confidencialidad|de privacidad)|cláusula de confidencialidad|vertraulichkeitshinweis\w*"
    r"|rechtlicher hinweis|haftungsausschluss)"
)
_HEADLINE_ALONE = re.compile(
    rf"^\W*(?:{_HEADLINE})(?:\s*/\s*{_HEADLINE})?(?<!important)(?<!caution)(?<!confidential)(?<!notice)\W*$"
    r"|^\W*(?:(?:confidentiality|legal|privacy) notice)\W*$",
    re.IGNORECASE,
)
_HEADLINE_BEGINS = re.compile(rf"^\W*(?:[\w ]{{0,30}}/ ?)?{_HEADLINE}\s*[:.–-]", re.IGNORECASE)
_MAIL = r"(?:e-?mails?|e-?mailbericht|messages?|communication|transmission|mails?|courriels?|mensaje|correo)"
_FORMAL = re.compile(
    rf"^\W*(?:[\w /]{{0,40}}:\s*)?(?:"
    rf"(?:this|the (?:information|contents?)[^.]{{0,30}} (?:this|in|of)) (?:\w+ )?{_MAIL}\b"
    r"|the information (?:contained|transmitted|in this)|any (?:opinions|views|unauthori)|unauthori[sz]ed"
    r"|if you (?:are not the|have received|received|receive)|the (?:sender|company) (?:accepts|cannot|does not)"
    r"|(?:der inhalt )?diese[rs]? (?:e-?mail|nachricht|mail)\b|die (?:information|in dieser)\w*"
    r"|(?:sollten|falls|wenn) sie (?:nicht|diese)"
    r"|(?:le contenu de )?ce(?:t|tte)? (?:message|courriel|mail|e-?mail|communication)\b"
    r"|les informations|si vous (?:n['’]|avez reçu|recevez|l['’]avez)"
    rf"|(?:de (?:inhoud|informatie) (?:van|in) )?(?:dit|deze) {_MAIL}\b|dit bericht\b|de informatie"
    r"|(?:indien|als|bent|mocht) u\b"
    r"|(?:el contenido de )?est[ea] (?:mensaje|correo|e-?mail|comunicación)\b|la información (?:contenida|incluida)"
    r"|si (?:usted no|no es|ha recibido|lo ha recibido|lo recibió|recibe)|en cumplimiento|le informamos"
    r")",
    re.IGNORECASE,
)
_ABOUT_MAIL = re.compile(
    r"\b(?:this|the) (?:e-?mail|message|communication|information|transmission|mail)|\bdies(?:e|es|er)\b.{0,20}"
    r"(?:e-?mail|nachricht|mail)|\bce(?:t|tte)? (?:message|courriel|mail|e-?mail)"
    r"|\b(?:dit|deze)\b.{0,15}(?:bericht|mail)|\best[ea] (?:mensaje|correo|comunicación|e-?mail)|\ben este correo",
    re.IGNORECASE,
)
# Each is one thing that such notices say; how many of them a paragraph says is what counts.
_SAYINGS = tuple(
    re.compile(rf"\b(?:{words})", re.IGNORECASE)
    for words in (
        (
            r"confidential|privileged|legally protected|protected health|work product|private|vertraulich|(?:rechtlich"
            r"|gesetzlich) geschützt|confidentiel|privilégiée?|vertrouwelijk|beroepsgeheim|confidencial|privad[ao]"
            r"|gizli"
        ),
        (
            r"(?:intended|meant) (?:only |solely |exclusively )?(?:for|to)|(?:the|an?) intended recipient"
            r"|(?:for the )?(?:addressee|named recipient)|to wh(?:om|ich) it is addressed"
            r"|richtige adressat|vorgesehene\w* empfänger|für den (?:adressaten|empfänger)|ausschließlich für"
            r"|destinataire|usage exclusif"
            r"|(?:uitsluitend|enkel|alleen) bestemd|geadresseerde|bestemmeling|destinatari[oa]|uso exclusivo"
            r"|dirigid[oa] a"
        ),
        (
            r"(?:received|receive|receiving) (?:it|this|the)?.{0,30}(?:in error|by mistake)|not the (?:intended|named)"
            r"|irrtümlich|versehentlich|fälschlich|nicht der (?:richtige|vorgesehene)|par erreur|n['’](?:en )?êtes pas"
            r"|ten onrechte|per (?:abuis|vergissing)|niet de (?:geadresseerde|bestemmeling|beoogde)|por error"
            r"|no es (?:usted )?el destinatario"
        ),
        (
            r"unauthori[sz]ed|prohibited|disclos|copying|dissemination|unlawful|destroy|delete (?:it|this|the)|notify"
            r"|advise the sender|unbefugt|nicht gestattet|untersagt|vernichten|löschen sie|informieren sie|interdit"
            r"|divulgation|détruire|supprimer|avertir|verboden|openbaar|verwijder|vernietig|te wissen|te informeren"
            r"|afzender|prohibid|divulgación|elimin|bórre|borr(?:ar|e)|notifíqu"
        ),
        (
            r"liabilit|liable|warrant|viruses|monitored|not constitute|not necessarily|opinions|haftung"
            r"|rechtsverbindlich"
            r"|responsabilité|aansprakelijk|geen rechten|responsabiliza|valor contractual|our disclaimer|pursuant to"
            r"|privacy act|opiniones"
        ),
        (
            r"rgpd|lopd|gdpr|dsgvo|protección de datos|data protection|datenschutz\w*|bescherming persoonsgegevens"
            r"|(?:privacy|data protection) policy|politique de confidentialité|derechos de acceso"
        ),
    )
)
_PLEA = re.compile(
    r"^\W*(?:"
    r"(?:please |kindly )?(?:consider|think of|think about|save|protect|mind) (?:the|our) (?:environment|trees?|planet"
    r"|forests?)\b(?:.{0,20}(?:before|prior|when)\b.{0,40}|\W*$)"
    r"|(?:please )?think before (?:you )?print\w*"
    r"|(?:please )?(?:only|do not|don't) print (?:this|the) (?:e-?mail|message)"
    r"|(?:bitte )?(?:denken sie|denkt|denk) (?:bitte )?(?:auch )?an die umwelt\b"
    r"(?:.{0,10}(?:bevor|ehe|vor dem)\b.*|\W*$)"
    r"|(?:bitte )?(?:bevor|ehe) sie (?:diese[sr]?|die) .{0,20}(?:aus)?drucken\b.*|muss diese .{0,15} ausgedruckt"
    r"|(?:merci de )?(?:pensez|penser|pensons) (?:à l['’])?environnement\b(?:.{0,5}(?:avant|n['’]imprim).*|\W*$)"
    r"|avant d['’]imprimer\b.*(?:environnement|nécessaire|planète)|n['’]imprimez (?:ce|cet|que)\b"
    r"|denk (?:a\.?u\.?b\.? )?aan het milieu\b(?:.{0,5}(?:voordat|voor|alvorens)\b.*|\W*$)"
    r"|(?:gelieve )?(?:deze|dit) (?:e-?mail|bericht) (?:niet|alleen|enkel) (?:te )?(?:af)?print"
    r"|antes de imprimir\b.*(?:medio ?ambiente|bosques|árboles|planeta|necesario)"
    r"|(?:por favor,? )?(?:no imprim[ae] (?:este|si)\b|piens[ae] en el medio ?ambiente\b(?:.{0,5}antes.*|\W*$))"
    r"|virus[- ]free\b|virenfrei\b|sans virus\b|libre de virus\b|virusvrij\b|(?:e-?mail )?scanned (?:by|for)\b"
    r"|this (?:e-?mail|message) (?:has been|was) (?:\w+ )?(?:scanned|checked|verified)"
    r"|diese (?:e-?mail|nachricht) wurde (?:von|auf|mit) .{0,40}(?:viren|geprüft)"
    r"|(?:l['’]absence de virus|cet? (?:e-?mail|courriel|message) a été (?:vérifié|analysé))"
    r"|deze e-?mail is (?:gecontroleerd|gescand)|este (?:correo|mensaje|e-?mail) ha sido (?:analizado|comprobado)"
    r"|(?:op al onze|al onze|onze) .{0,40}algemene (?:leverings)?voorwaarden .{0,30}van toepassing"
    r"|(?:es gelten|wir arbeiten) .{0,30}allgemeinen geschäftsbedingungen"
    r"|(?:our |standard )?terms and conditions apply\W*$"
    r"|to unsubscribe from this (?:group|list)\b.{0,120}(?:@|https?:)|unsubscribe(?: here)?:? <?https?:"
    r"|(?:sie erhalten|you (?:are receiv|receive))\w* (?:diese|this) (?:e-?mail|mail|message)\b.{0,20}(?:weil|because)"
    r"|aviso (?:legal|de privacidad)\b(?:.{0,10}disponible|\W{0,3}consulte)"
    r"|\W*https?://\S*(?:avast|avg)\.com"
    r")",
    re.IGNORECASE,
)
# Who speaks of himself, asks or orders something is no lawyer's footer.
_SELF = re.compile(
    r"\b(?:i|i['’]m|i['’]ve|my|me|mine|ich|mir|mich|meine?[rnms]?|j['’](?=\w)|je (?:suis|ne|n['’]|vous|te|veux|voudrais"
    r"|souhaite|pense|peux|dois)|moi|mes|mon|ma|ik|mij|mijn|yo|mis?|conmigo)\b",
    re.IGNORECASE,
)
_US = re.compile(
    r"\b(?:we|us|our|please|wir|uns|unsere?[rnms]?|bitte|nous|nos|notre|wij|ons|onze|graag|nosotros|nuestr[oa]s?"
    r"|queremos)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\b(?:D-\d{2,}|S-\d{4})|[€£$]\s?\d|\d\s?(?:[€£$%]|eur\b|usd\b|euros?\b|seats?\b|users?\b)", re.I)
_UNDERSCORES = re.compile(r"^\s*_{2,}\s*$")
_LIST_WORDS = re.compile(r"\bmailing[ -]?list\b|/(?:mailman|listinfo)/|\bgroups\.google\.", re.IGNORECASE)
_LIST_FOOTER_LINES = 7


def list_footer_start(lines: list[Line]) -> int | None:
    """Where the footer of a mailing list begins: a rule, and a few lines that name the list."""
    for at in range(max(0, len(lines) - _LIST_FOOTER_LINES), len(lines)):
        if _UNDERSCORES.match(lines[at].text) and any(_LIST_WORDS.search(line.text) for line in lines[at + 1 :]):
            return at
    return None


def is_footer(text: str) -> bool:
    """Whether a line or paragraph is a notice of a lawyer or a program, and nothing that the sender asks or says."""
    if "?" in text or _FIGURE.search(text):
        return False
    if _HEADLINE_ALONE.match(text) or _PLEA.match(text):
        return not _SELF.search(text)
    headed = bool(_HEADLINE_BEGINS.match(text))
    if not headed and not _ABOUT_MAIL.search(text) and not _FORMAL.match(text):
        return False
    said = sum(bool(saying.search(text)) for saying in _SAYINGS)
    return said >= _needed(text, formal=headed or bool(_FORMAL.match(text)))


def _needed(text: str, *, formal: bool) -> int:
    """How many sayings make the text a footer; more the more it sounds like a person."""
    if _SELF.search(text):
        return len(_SAYINGS)
    if not formal:
        return 4
    return 2 if _US.search(text) else 1
