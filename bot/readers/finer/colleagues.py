"""Colleagues of the sender's: how they are named, and what tells them from the people of customers."""

from __future__ import annotations

import re

from bot.readers.builtin.people import trimmed_person
from bot.readers.finer.moods import LANGUAGES, patterns
from bot.readers.finer.scene import IDLE, QUESTIONS, Hit, Scene, overlaps, span_of
from bot.readers.finer.sentences import Sentence, folded, pattern
from bot.vocabulary.requests import DealFields, Finer, Intent, NoFields, PersonFields, Request, UpdateFields

EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_NAME_WORD = r"(?:Mc|Mac|O['’]|D['’])?[A-ZÀ-Þ][\w'’-]+"
NAME = re.compile(
    rf"{_NAME_WORD}(?:\s(?:(?:de|de la|del|di|da|van|van de|van der|van den|von|ten|ter|le|la|du|el|zu|bin|y)\s)?"
    rf"{_NAME_WORD}){{0,3}}"
)
COLLEAGUE = patterns({
    "en": (
        r"(?:colleagues?|co-?workers?|team ?mates?|team members?|staff|employees?|account (?:manager|exec\w*)|"
        r"sales (?:guy|rep\w*|"
        r"person|manager|lead|colleague|director)|hire|starter|intern|assistant|successor|predecessor|partner manager|"
        r"(?:project|office|channel|alliance|marketing) manager|consultant|engineer|managing director|ceo|boss)"
    ),
    "de": (
        r"(?:kolleg\w+|mitarbeiter\w*|teammitglied\w*|vertriebler\w*|vertriebsleiter\w*|nachfolger\w*|vorgänger\w*|"
        r"azubi|"
        r"assistent\w*|berater\w*|geschäftsführer\w*|projektleiter\w*|chef\w*|innendienst|werkstudent\w*)"
    ),
    "fr": (
        r"(?:collegues?|collaborat\w+|employe\w*|commercial\w*|successeur|remplacante?|assistante?|consultante?|"
        r"stagiaire|"
        r"responsable|directeur|directrice|gerante?|chef\w*|associee?)"
    ),
    "nl": (
        r"(?:collega\w*|medewerk\w*|werknem\w*|teamlid|opvolg\w*|voorgang\w*|assistent\w*|stagiair\w*|accountmanager|"
        r"verkoper|"
        r"directeur|projectleider|baas|kracht)"
    ),
    "es": (
        r"(?:companer\w+|colegas?|emplead\w+|comercial\w*|sucesor\w*|asistente|becari\w+|consultor\w*|responsable|"
        r"gerente|"
        r"director\w*|jef[ea]|trabajador\w*|incorporacion)"
    ),
})  # fmt: skip
OURS = pattern(
    r"us|our|ours|we've hired|we have hired|from me|for me|my (?:colleague|successor|deals|job|role|accounts)|uns|"
    r"unser\w*|von mir|mein\w* (?:kolleg\w+|nachfolg\w+|aufgaben)|"
    r"nous|notre|nos|de moi|mon (?:collegue|successeur|remplacant)|ma (?:collegue|remplacante)|ons|onze|van mij|"
    r"mijn (?:collega|opvolg\w+)|nosotros|nuestr\w+|nos|mi (?:companer\w+|sucesor\w*|colega)|"
    r"your (?:new )?(?:contact|point of contact)|ihr\w* (?:neue\w* )?ansprechpartner\w*|"
    r"votre (?:nouvel\w* )?interlocut\w+|jullie (?:nieuwe )?(?:contactpersoon|aanspreekpunt)|"
    r"uw (?:nieuwe )?(?:contactpersoon|aanspreekpunt)|(?:su|vuestr\w+) (?:nuev\w+ )?(?:contacto|interlocutor\w*)"
)
_THEIRS = pattern(
    r"customers?|clients?|prospects?|buyer|our (?:\w+ )?contact(?! (?:for|at|with) (?:you|lumora))|(?:contact|sponsor|"
    r"champion|counterpart) (?:at|from|of|for)|their|end[- ]customers?|at the customer|"
    r"kund\w+|endkund\w+|interessent\w*|unser\w* (?:\w+ )?ansprechpartner\w* (?:bei|von|der|des)|einkäufer\w*|"
    r"kontakt (?:bei|von)|ansprechpartner\w* (?:bei|von) (?!uns|ihnen|euch)|"
    r"clients|(?:notre|le|la|nouveau|mon) (?:nouveau )?contact (?:chez|de|aupres)|leur|acheteur|interlocut\w+ (?:chez|"
    r"de) (?!nous)|"
    r"klant\w*|contactpersonen|contactos|contacts|(?:onze|de|nieuwe) contactpersoon (?:bij|van) (?!ons)|hun|inkoper|"
    r"clientes?|(?:nuestro|el|nuevo) contacto (?:en|de) (?!nuestr)|contacto en (?!nuestr)|comprador"
)
EVENT = pattern(
    r"webinar\w*|call|meeting|training\w*|workshop\w*|kick-?off|event|conference|session|course|demo|dinner|lunch|"
    r"launch|reunion|formation|atelier|seminar\w*|webinaire\w*|"
    r"besprechung|termin|schulung\w*|kurs\w*|veranstaltung\w*|treffen|vergadering|cursus\w*|afspraak|bijeenkomst|"
    r"reunion|curso\w*|taller|evento|seminario|cita|visit|besuch|"
    r"for (?:today|the day|lunch)|für heute|pour aujourd'hui|voor vandaag|por hoy|message|the office|the building|"
    r"slack|(?:this|the|our) channel|kanal|thread|beta|campaign|kampagne|campagne"
)
TITLES = pattern(r"mr|mrs|ms|herrn?|frau|hr|mme|madame|monsieur|m|dhr|de heer|mevrouw|mevr|mw|senora?|sr|sra|don|dona")
NO_PERSON_SAID = (
    "we they you i it this that there who which nobody somebody someone anyone everyone customer client clients "
    "globex partner partners wir sie ihr ich es das dies wer niemand jemand man kunde kunden nous vous ils elles je "
    "on il elle cela ce qui personne wij jullie u zij ze ik het dat dit wie iemand klant nosotros ustedes ellos yo "
    "eso esto quien nadie alguien cliente and und et en y he she er hij el ella also only company deal project "
    "budget money order lumora"
)
NO_PERSON = frozenset(map(folded, NO_PERSON_SAID.split()))
_LEAD_WORDS = re.compile(
    r"^(?:(?:please note|note|fyi|just|hi|hello|hallo|hola|bonjour|beste|dear|lieber?|team|all|that|dass|que|dat|"
    r"unfortunately|sadly|leider|"
    r"malheureusement|helaas|desgraciadamente|lamentablemente|as you (?:may )?know|heads up|quick note|"
    r"for your (?:info\w*|records)|zur info\w*|"
    r"pour info\w*|ter info\w*|para su informacion|kurze info|bitte beachten|merci de noter|informamos|os informo|"
    r"wir teilen mit|our|unser\w*|"
    r"notre|nos|onze|ons|nuestr\w+|my|mein\w*|mon|ma|mijn|mi|the|der|die|das|le|la|el|de|former|long-time|old|"
    r"ehemalig\w*|ancien\w*|"
    r"(?:new )?colleagues?|co-?worker|kolleg\w+|mitarbeiter\w*|collegue|collaborat\w+|collega|medewerk\w+|companer\w+|"
    r"colega|account manager|"
    r"sales (?:manager|rep|guy|lead|director)|vertriebsleiter\w*|accountmanager|commercial\w*|comercial|mr|mrs|ms|"
    r"herrn?|frau|mme|madame|"
    r"monsieur|m\.|dhr|de heer|mevrouw|mevr|senora?|sr|sra|don|dona|dr)[.,:]?\s+)+"
)
_PRONOUN = re.compile(
    r"(?:^|[,;(]|\b(?:and|since|as|because|denn|weil|da|und|et|car|want|en|y|porque))\s*(?:he|she|er|sie|il|elle|hij|"
    r"ze|zij|el|ella)\s*$"
)
_IMPERATIVE = re.compile(r"(?:please|revoke|remove|delete|close|bitte|entfern|merci|graag|por)\b")
_BETWEEN = re.compile(
    r"[\s,:(\"'-]*(?:(?:is|ist|est|es|named|called|namens|heißt|heisst|heet|genaamd|s'appelle|nomme\w?|se llama|"
    r"llamad\w|mr|mrs|ms|herrn?|frau|mme|"
    r"in sales|im vertrieb|aus \w+ \w+|in \w+)\.?[\s,:(]*){0,2}"
)
PRODUCT = re.compile(
    r"\b(?:Sales|Technical|Associate|Professional|Certified|Lumora|Assist|Connect|Core|Insights|Academy|"
    r"Implementation)\b"
)
_READ_AS = QUESTIONS | IDLE | {Intent.PROVIDE_FIELD}
_MAILINGS = re.compile(
    r"mailing|news|announce|\blist|e?-?mails?\b|verteiler|ankündig|annonce|infolettre|aankondig|nieuws|lijst|anuncio|"
    r"bolet|lista|correo"
)
_ONESELF = re.compile(r"\b(?:me|i|us|we|mich|mir|ich|uns|wir|moi|je|nous|mij|ik|ons|wij|yo|nos)\b|\bm'")
_ANOTHER = re.compile(
    r"\b(?:him|her|them|ihn|ihm|ihr|lui|elle|eux|l'enlever|(?:le|la|les) (?:retirer|enlever|supprimer|desinscrire)|"
    r"(?:retirez|enlevez|supprimez|desinscrivez)-l\w+|hem|haar|hen|quit\w*l[oa]|borr\w*l[oa]|elimin\w*l[oa]|"
    r"d[ea]\w*l[oa] de baja)\b"
)


def subject(sentence: Sentence, end: int) -> str:
    """The one to four words before a verb that can be somebody's name."""
    begin = max(
        (
            m.end()
            for m in re.finditer(
                r"[,;:(]|\b(?:and|und|et|en|y|that|dass|que|dat|weil|because|since|as)\s", sentence.text[:end]
            )
        ),
        default=0,
    )
    said = sentence.raw[begin:end].strip(" ,\"'*_-")
    low = folded(said)
    lead = _LEAD_WORDS.match(f"{low} ")
    kept = EMAIL.sub("", said[lead.end() if lead else 0 :]).strip(" ()<>,")
    words = kept.split()
    if not 1 <= len(words) <= 4 or any(folded(w.strip(".,'")).split("'")[0] in NO_PERSON for w in words):
        names = [m.group() for m in NAME.finditer(said) if folded(m.group().split()[0]) not in NO_PERSON]
        found = next((n for n in names if not _LEAD_WORDS.match(f"{folded(n)} ")), "")
        return trimmed_person(found) if found and len(words) > 4 and begin == 0 else ""
    small = kept[:1].islower() and (len(words) > 2 or begin > 0 or any(len(w) < 3 for w in words))
    if small or any(c.isdigit() for c in kept) or any(COLLEAGUE[one].fullmatch(folded(kept)) for one in LANGUAGES):
        return ""
    return trimmed_person(kept)


def spoken_of(sentence: Sentence, end: int) -> str:
    """Whom a pronoun before the verb means: the last name before it in the sentence."""
    if not _PRONOUN.search(sentence.text[:end]):
        return ""
    names = [m.group() for m in NAME.finditer(sentence.raw[:end])]
    kept = [
        re.sub(r"['’]s?$", "", name) for name in names if not _LEAD_WORDS.match(f"{folded(name)} ") and len(name) > 2
    ]
    return trimmed_person(kept[-1]) if kept and not _IMPERATIVE.match(folded(kept[-1])) else ""


def titled(sentence: Sentence) -> str:
    found = re.search(
        r"\b(?:Herrn?|Frau|Mr|Mrs|Ms|Mme|Madame|Monsieur|M|Dhr|heer|mevrouw|Mevr|Señora?|Sr|Sra)\.? "
        rf"(?P<name>{NAME.pattern})",
        sentence.raw,
    )
    return trimmed_person(found["name"]) if found else ""


def colleague_named(sentence: Sentence, language: str) -> str:
    """The name that stands behind the word for a colleague."""
    word = COLLEAGUE[language].search(sentence.text)
    if not word:
        return ""
    found = NAME.search(sentence.raw, word.end())
    between = sentence.text[word.end() : found.start()] if found else ""
    named = found and _BETWEEN.fullmatch(between) and not PRODUCT.search(found.group())
    return trimmed_person(found.group()) if found and named else ""


def is_theirs(sentence: Sentence) -> bool:
    """Whether the sentence speaks of a customer's people: it says so, or names a company at which they are."""
    if _THEIRS.search(sentence.text):
        return True
    at = re.search(
        r"(?<!\w)(?:at|from|bei|von|chez|bij|van|en|of|in) (?:der |die |dem |the |la |el |"
        r"de )?(?=[A-ZÀ-Þ])(?P<name>[\w&.'’-]+)",
        sentence.raw,
    )
    return bool(
        at
        and not is_time_or_us(at["name"])
        and not (at.group().lower().startswith(("von", "van", "of", "from", "in", "en")) and "@" in sentence.raw)
    )


def names_a_customer(scene: Scene, sentence: Sentence, person: str) -> bool:
    """Whether a sentence names a company; who has come or gone may himself have been taken for one."""
    own = set(folded(person).split())
    return any(folded(name) in sentence.text and not own & set(folded(name).split()) for name in scene.customers)


def is_time_or_us(word: str) -> bool:
    return bool(
        re.match(
            r"(?:jan|feb|mar|mär|apr|may|mai|mei|jun|jul|aug|sep|oct|okt|nov|dec|dez|mon|tue|wed|thu|fri|die|mit|don|"
            r"fre|ihnen|uns|sales|vertrieb|ende|anfang|mitte|our|lumora|lund|jue|vie|mi[eé]|lun)",
            word,
            re.I,
        )
    )


def person_hit(scene: Scene, sentence: Sentence, finer: Finer, person: PersonFields, doubt: bool) -> Hit:
    asked = any(s.asks for s in scene.sentences if s is not sentence)
    gone = list(scene.misread(sentence, _READ_AS - QUESTIONS if asked else _READ_AS))
    if not any(_for_oneself(s, person) for s in scene.sentences):
        gone += [r for r in scene.reading.requests if r.intent is Intent.UNSUBSCRIBE]
    gone += [
        r
        for r in scene.reading.requests
        if r not in gone and overlaps(r.span, sentence) and _took_for_a_deal(r, person)
    ]
    said = " ".join(sentence.raw.split())[:300]
    request = Request(
        Intent.OTHER,
        NoFields() if person == PersonFields() else person,
        span_of(scene, sentence),
        finer=finer,
        said=said,
        ask=doubt,
    )
    return Hit(request, tuple(gone))


def _for_oneself(sentence: Sentence, person: PersonFields) -> bool:
    """Whether a sentence about mailings speaks of the sender, and not of the colleague: "take him off your list"."""
    names = {folded(word) for word in (person.name or "").split()}
    for clause in re.split("[,;:]", sentence.text):
        of_another = _ANOTHER.search(clause) or names & set(clause.split())
        if _MAILINGS.search(clause) and (_ONESELF.search(clause) or not of_another):
            return True
    return False


def _took_for_a_deal(request: Request, person: PersonFields) -> bool:
    """Whether a deal was made of nothing but the colleague."""
    fields = request.fields
    if not isinstance(fields, DealFields | UpdateFields):
        return False
    names = {folded(w) for w in (person.name or "").split()}
    customer = {folded(w) for w in (fields.customer or "").split()}
    if customer and not customer & names:
        return False
    return fields.amount is None and not (isinstance(fields, DealFields) and (fields.products or fields.quantity))
