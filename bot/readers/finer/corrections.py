"""What sets a field right that the agent wrote down: "no, 60 seats"; asked for by what it names, so that it is read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot.ports import Readable
from bot.readers.finer.moods import LANGUAGES, WH
from bot.readers.finer.sentences import Sentence, pattern
from bot.vocabulary.message import ThreadContext, ThreadKind

_MARK = pattern(
    r"no|nope|not|isn't|wasn't|sorry|apolog\w*|oops|(?:i|we) meant|meant|meant to (?:say|write)|correct(?:ion|ed|"
    r"ing)?|actually|in fact|mistake\w*|"
    r"wrong\w*|typo|mistyped|misread|error|erratum|should (?:be|have been|read|say)|rather|instead|scratch that|"
    r"make (?:it|that)|change (?:it|that|the)|"
    r"it's|it is|is now|now|please (?:change|correct|amend|update|fix|put|use)|amend\w*|update\w*|adjust\w*|"
    r"not \S+ but|wait|on second thought|revised|"
    r"nein|nicht|nee|sorry|entschuldig\w*|pardon|verzeihung|korrekt\w*|korrigier\w*|berichtig\w*|falsch\w*|vertippt|"
    r"verschrieben|vertan|fehler\w*|"
    r"irrtum|(?:ich |wir )?meint?e?n?|gemeint|eigentlich|sondern|statt|stattdessen|doch|richtig|es sind|"
    r"bitte (?:ändern|korrigieren|anpassen)|"
    r"ändern|ändert|anpass\w*|lieber|vielmehr|besser gesagt|"
    r"non|pas|pardon|desolee?s?|excus\w*|erreur|trompee?s?|corrig\w*|rectifi\w*|correction|en fait|en realite|plutot|"
    r"je voulais dire|voulais|"
    r"il s'agit|c'est|ce sont|modifi\w*|changer|changez|au lieu|faute de frappe|remplac\w*|"
    r"neen|niet|excuses|excuseer|correctie|corrige\w*|verkeerd\w*|fout\w*|vergist\w*|vergissing|bedoel\w*|eigenlijk|"
    r"moet\w* (?:\S+ )?zijn|in plaats|"
    r"wijzig\w*|aanpass\w*|typefout|het (?:is|zijn)|toch|"
    r"perdon\w*|disculp\w*|lo siento|correccion|corrij\w*|corregi\w*|rectific\w*|me (?:he )?equivo\w*|"
    r"nos (?:hemos )?equivo\w*|equivocad\w*|equivocacion|error|errata|"
    r"queria decir|quise decir|en realidad|mejor dicho|son|es|sino|en vez de|en lugar de|cambi\w*|modifi\w*|mal"
)
_STRONG = pattern(
    r"sorry|apolog\w*|oops|meant|correct(?:ion|ed)|actually|mistake\w*|wrong\w*|typo|should (?:be|have been|read|say)|"
    r"instead|scratch that|make (?:it|that)|"
    r"please (?:change|correct|amend|update|fix)|not \S+ but|wait|on second thought|revised|change (?:it|that|the)|"
    r"entschuldig\w*|korrekt\w*|korrigier\w*|berichtig\w*|falsch\w*|vertippt|verschrieben|vertan|irrtum|gemeint|"
    r"meinte\w*|sondern|statt|stattdessen|ändern|"
    r"pardon|desolee?s?|erreur|trompee?s?|corrig\w*|rectifi\w*|correction|en fait|plutot|voulais|modifi\w*|changez|"
    r"au lieu|"
    r"excuses|correctie|verkeerd\w*|vergist\w*|vergissing|bedoel\w*|eigenlijk|wijzig\w*|aanpass\w*|typefout|in plaats|"
    r"perdon\w*|disculp\w*|lo siento|correccion|corrij\w*|corregi\w*|rectific\w*|equivo\w*|errata|queria decir|"
    r"quise decir|en realidad|mejor dicho|sino|en vez de|en lugar de|cambi\w*"
)
_OPENS_NO = re.compile(
    r"\W*(?:(?:oh|ah|ähm?|hm+|hi|hello|hallo|hola|bonjour|äh|uh|um)\W+)?(?:no|nope|nein|nee|neen|non|nö|not|nicht|"
    r"niet|pas)\b\W"
)
_UNITS = re.compile(
    r"(?:seats?|users?|licen[cs]\w*|plätze\w*|plaetze\w*|nutzer\w*|benutzer\w*|anwender\w*|lizenz\w*|arbeitsplätze\w*|"
    r"user|postes?|sieges?|utilisateurs?|"
    r"gebruikers?|plaatsen|stuks|licenties?|werkplekken|usuarios?|puestos?|plazas?|licencias?|agents?|people|leute|"
    r"personen|personnes|personas|mensen|stück|stueck)"
)
_MONEY = re.compile(
    r"[€$£]|\b(?:eur|euros?|usd|dollars?|gbp|pounds?|chf|franken|francs?|sek|dkk|nok|pln|k|mio|keur|tsd|libras?|"
    r"dolares)\b|\d\s?k\b|"
    r"\d{1,3}(?:[.,' ]\d{3})+(?!\d)|\b\d{4,7}\b(?![-/.]\d)"
)
_SUM_WORD = re.compile(
    r"\b(?:amount|value|volume|worth|price|sum|total|betrag|wert|summe|volumen|preis|montant|valeur|somme|bedrag|"
    r"waarde|prijs|importe|valor|precio|cuantia)\b"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DAY = re.compile(
    r"\b\d{1,2}[./-]\d{1,2}(?:[./-]\d{2,4})?\b|\b\d{4}-\d\d-\d\d\b|\b(?:jan|feb|mar|mär|apr|may|mai|mei|jun|jul|aug|"
    r"sep|oct|okt|nov|dec|dez|ene|abr|ago|dic|fev|fevr|avr|aou|juin|juil|maart|mrt)\w*\b|"
    r"\bq[1-4]\b|\b(?:week|kw|quartal|quarter|trimestre|kwartaal|end of|ende|fin de|eind|tomorrow|morgen|demain)\b"
)
_MONTHS_LONG = re.compile(
    r"\b(?:\d+|twelve|twenty-four|thirty-six|zwölf|douze|twaalf|doce|two|three|zwei|drei|deux|trois|twee|drie|dos|"
    r"tres)[ -]?(?:months?|years?|monate?n?|jahre?n?|mois|ans?|maanden|jaar|meses|anos?)\b"
)
_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"\+?\d[\d ()/-]{7,}\d")
_PRODUCT_WORD = re.compile(
    r"\b(?:core|insights|connect|assist|onboarding|product\w*|produkt\w*|produit|producto|module?n?|modulo)\b"
)
_HOST = re.compile(
    r"\b(?:www\.)?[\w-]{2,}\.(?:example|com|net|org|eu|io|de|fr|nl|be|es|at|ch|co|uk|lu|it|pl|dk|se|no|ie|mx|ar|cl)\b"
)
_PERSON_WORD = re.compile(
    r"\b(?:contact\w*|person\w*|ansprechpartner\w*|kontakt\w*|interlocut\w*|aanspreekpunt|contacto|name|nom|naam|"
    r"nombre|heißt|called|s'appelle|heet|llama)\b"
)
_CUSTOMER_WORD = re.compile(
    r"\b(?:customer|client|company|kunde|firma|unternehmen|societe|entreprise|klant|bedrijf|cliente|empresa)\b"
)
_SHORT = 40
_NUMBER = re.compile(r"\d")


def asked_again(readable: Readable, sentences: Sequence[Sentence]) -> ThreadContext:
    """The thread as the inner reader is to see it: with what a correction names as if it had been asked for."""
    thread = readable.thread
    named = _named(sentences) if _is_correction(readable, sentences) else ()
    if not named:
        return thread
    asked = tuple(dict.fromkeys((*thread.asked, *named)))
    return replace(thread, kind=ThreadKind.QUESTION, asked=asked)


def _is_correction(readable: Readable, sentences: Sequence[Sentence]) -> bool:
    """Short words in a registration's thread that the agent took part in, which set something right and ask nothing."""
    thread = readable.thread
    if not (thread.subject_ref.startswith("D-") and thread.agent_took_part) or thread.question is not None:
        return False
    if not sentences or sum(len(s.text.split()) for s in sentences) > _SHORT:
        return False
    if any(s.asks or _opens_a_question(s) for s in sentences):
        return False
    text = " ".join(s.text for s in sentences)
    if _OPENS_NO.match(f"{text} ") or _STRONG.search(text):
        return True
    # A value and hardly anything else sets right what stands there: "60 seats", "it's 45,000 now".
    return len(text.split()) <= 8 and bool(_MARK.search(text) or len(text.split()) <= 4)


def _opens_a_question(sentence: Sentence) -> bool:
    return any(m is not None and m.start() == 0 for m in (WH[language].match(sentence.text) for language in LANGUAGES))


def _named(sentences: Sequence[Sentence]) -> tuple[str, ...]:
    """The fields of which a value stands in the text, by the names of the evaluation guide."""
    text = _EMAIL.sub(" ", " ".join(s.text for s in sentences))
    raw = " ".join(s.raw for s in sentences)
    found = ["contact_email"] if _EMAIL.search(raw) else []
    found += _day_and_sum(text)
    told = {"quantity": _UNITS, "term_months": _MONTHS_LONG, "product": _PRODUCT_WORD}
    found += [name for name, said in told.items() if said.search(text)]
    if _HOST.search(text) and "contact_email" not in found:
        found.append("customer_domain")
    if _NAMED.search(raw):
        named = {"contact_name": _PERSON_WORD, "customer": _CUSTOMER_WORD}
        found += [name for name, said in named.items() if said.search(text)]
    if not found and _SMALL_NUMBER.search(text):
        found.append("quantity")
    return tuple(found)


def _day_and_sum(text: str) -> list[str]:
    """A day, a sum, a currency or a telephone number; a year is no sum."""
    found: list[str] = []
    day, phone = _DAY.search(text), _PHONE.search(text)
    without_years = _YEAR.sub(" ", text)
    if day and not _MONEY.search(_YEAR.sub(" ", day.group())):
        found.append("close_date")
    if phone and not _MONEY.search(_YEAR.sub(" ", phone.group())):
        found.append("contact_phone")
    elif _MONEY.search(without_years) or (_SUM_WORD.search(text) and _NUMBER.search(text)):
        found.append("amount" if _NUMBER.search(text) else "currency")
    return found


_NAMED = re.compile(r"[a-zß-ÿ,:] [A-ZÀ-Þ]")
_SMALL_NUMBER = re.compile(r"\b\d{1,3}\b")
