"""What an absence notice says: until when somebody is away, and whom it names instead."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bot.readers.builtin.dates import find_dates
from bot.readers.builtin.mentions import Mention, without_overlaps
from bot.vocabulary.requests import Absence

_READ = 1_500  # characters: a notice says it at once
_LONGEST = timedelta(days=800)
_INSTEAD = 120
_TOGETHER = 12  # characters between a name and its address
_AWAY = re.compile(
    r"automatic reply|auto-?reply|automatische antwort|autoantwort|réponse automatique|automatisch antwoord"
    r"|respuesta automática"
    r"|out of (?:the )?office|not in (?:the )?office|\bon (?:\w+ )?leave|\bleave (?:from|until|till)|vacation|holiday"
    r"|\baway\b|\babsen|office (?:is|will be) closed|\bi (?:shall|will) (?:be back|return)"
    r"|urlaub|abwesen|nicht (?:im (?:büro|haus|dienst)|erreichbar|am platz)|elternzeit|betriebsferien"
    r"|geschlossen|dienstreise"
    r"|cong[ée]|absent|fermé|en déplacement|afwezig|verlof|vakantie|niet (?:bereikbaar|op kantoor|aanwezig)|gesloten"
    r"|fuera de (?:la )?oficina|vacaciones|ausen|de baja|de permiso|cerrad[ao]",
    re.IGNORECASE,
)
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|(?:mo|di|mi|do|fr|sa|so)|(?:mon|diens|donners|frei|sams"
    r"|sonn)tag|mittwoch|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|(?:maan|dins|woens|donder|vrij|zater|zon)dag"
    r"|lunes|martes|miércoles|jueves|viernes|sábado|domingo)"
)
_GAP = rf"(?:\s|,|\bthe\b|\bam\b|\bdem\b|\bden\b|\ble\b|\bel\b|\b{_WEEKDAY}\b\.?)*$"
_BACK = re.compile(
    r"\b(?:not before|erst (?:wieder )?(?:am|ab)|pas avant|niet voor"
    r"|back(?: (?:in (?:the )?office|at work))?(?: on| from| by)?"
    r"|return(?:s|ing)?(?: to (?:the )?office)?(?: on)?"
    r"|(?:wieder|zurück)(?: (?:im büro|für sie da|erreichbar|da))?(?: am| ab)?|\bab(?: dem)?"
    r"|(?:de retour|reviens|reviendrai|mon retour)(?: (?:le|à partir du|au bureau))*|dès le|à partir du"
    r"|terug(?: op| vanaf)?|vanaf"
    r"|(?:de vuelta|regreso|regresaré|vuelvo|volveré|a partir d)(?: ?el)?)" + _GAP,
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"(?:\b(?:until|till|til|through|thru|up to|to|bis(?: zum| und mit)?(?: einschlie(?:ß|ss)lich| einschl\.)?"
    r"|up to and including|tot(?: en met)?|t/m|t\.e\.m\.|jusqu['’]?(?:au|à|en)?|au|hasta|al)"
    r"|[-–—])(?: und mit| inclusive)?" + _GAP,
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_NAME = r"(?-i:[A-ZÀ-Ý][\w'’-]*\.?(?:[ -](?:(?:de|van|der|von|la|el)[ ])*[A-ZÀ-Ý][\w'’-]*){0,3})"
_INSTEAD_OF_ME = re.compile(
    r"\b(?:contact(?:er|ez|eer|ar|ieren sie)?(?: (?:with|met|avec|con|a))?|wenden sie sich(?: bitte)?(?: an)?"
    r"|terecht bij"
    r"|dirí[gj]\w+(?: a)?|(?:write|écri\w+|escrib\w+|schreiben sie) (?:to|à|a|an)|reach|call|ring|(?:me )?sustituye"
    r"|vertritt mich|remplac\w+ par|assur\w+ l['’]intérim|vertretung(?: ist| durch)?:?|registraties:|urgentie:)"
    r"\s+(?:(?:my|ma|mon|mijn|mi|meine?n?|our) (?:colleague|collègue|collega|compañer[oa]|kolleg\w+)[ ,:]*)?"
    rf"(?P<who>{_NAME})",
    re.IGNORECASE,
)


def absence_of(subject: str, text: str, language: str, received: date, sender: str = "") -> Absence | None:
    """None where the mail of a machine tells of no absence, or says neither how long nor whom to ask."""
    said = text[:_READ]
    if not _AWAY.search(f"{subject}\n{said}"):
        return None
    until = _until(said, language, received) or _until(subject, language, received)
    instead = _instead(said, sender)
    return Absence(until, instead) if until or instead else None


def _until(text: str, language: str, received: date) -> date | None:
    """The day somebody is back on, else the last that is named as the end of something."""
    days = _without_weekdays(text, without_overlaps(find_dates(text, language, received)))
    for cue, pick in ((_BACK, min), (_UNTIL, max)):
        found = [day for mention in days if cue.search(_before(text, mention)) and (day := _day(mention, received))]
        if found:
            return pick(found)
    return None


def _without_weekdays(text: str, days: list[Mention]) -> list[Mention]:
    """In "Monday, 7 December" only the date counts: the nearest Monday may be another one."""
    following = [*days[1:], None] if days else []
    pairs = zip(days, following, strict=True)
    return [day for day, after in pairs if after is None or text[day.end : after.start].strip(" ,.")]


def _before(text: str, mention: Mention) -> str:
    return text[max(0, mention.start - 60) : mention.start]


def _day(mention: Mention, received: date) -> date | None:
    day = date.fromisoformat(mention.value)
    return day if received <= day <= received + _LONGEST else None


def _instead(text: str, sender: str) -> str:
    """A name, an address, or both where they stand together."""
    address = next((a for a in _ADDRESS.findall(text) if a.lower() != sender.lower()), "").rstrip(".")
    named = _INSTEAD_OF_ME.search(text)
    name = named["who"].strip() if named else ""
    if named and address and text.find(address) - named.end() > _TOGETHER:
        return f"{name}; {address}"[:_INSTEAD]
    return ", ".join(part for part in (name, address) if part)[:_INSTEAD]
