"""Machines seen by their words alone: absence notices, bounces, delivery reports and newsletters."""

from __future__ import annotations

import re

_ABSENCE = re.compile(
    r"(?:^|\n)\W*(?:automatic reply|auto[- ]?reply|autoreply|out of (?:the )?office|automatische antwort|"
    r"abwesenheits?\w*|"
    r"réponse automatique|absence du bureau|message d'absence|automatisch antwoord|afwezig(?:heid\w*)?|"
    r"respuesta automática|"
    r"fuera de (?:la )?oficina)\b",
    re.I,
)
_AWAY = re.compile(
    r"\bi(?:'m| am) (?:currently )?(?:out of (?:the )?office|on (?:annual |parental |maternity )?leave|away from)|"
    r"\bich bin (?:derzeit |momentan |aktuell |ab dem |vom |bis )[^\n]{0,60}(?:nicht (?:im (?:büro|haus)|"
    r"erreichbar)|abwesend)|"
    r"\bje suis (?:actuellement )?(?:absente?|en congés?)\b[^.\n]{0,40}(?:jusqu|du \d|retour)|"
    r"\bik ben (?:momenteel )?(?:afwezig|met verlof|niet op kantoor)\b|"
    r"\b(?:estoy|me encuentro|estaré) (?:fuera de (?:la )?oficina|de vacaciones|ausente)\b",
    re.I,
)
_BACK = re.compile(
    r"in urgent|urgent(?:e|es|ie)?\b|limited access|return|dringend|bis zum|vertretung|weitergeleitet|"
    r"not be (?:read|forwarded)|"
    r"access to (?:my )?(?:e-?mail|mail)|de retour|retour le|en cas d'urgence|terug|spoed|regreso|vuelvo|until|"
    r"en mi ausencia",
    re.I,
)
_BOUNCE = re.compile(
    r"mail(?:er)?[- ]daemon|undeliver(?:ed|able) mail|delivery (?:status notification|has failed|failure)|"
    r"could not be delivered to|user unknown|mailbox (?:unavailable|full|not found)|this is the mail system at host|"
    r"unzustellbar|konnte nicht zugestellt werden|remise (?:impossible|a échoué)|n'a pas pu être (?:remis|distribué)|"
    r"kon niet worden (?:afgeleverd|bezorgd)|no se (?:ha podido|pudo) entregar|550 5\.\d\.\d",
    re.I,
)

_SAYS_SO = re.compile(
    r"\b(?:this is an? auto(?:matic(?:ally)?|mated)(?: generated)? (?:reply|response|message|e?-?mail|notification)|"
    r"(?:please )?do not (?:reply|respond) to this (?:e-?mail|message)|"
    r"you are receiving this (?:e-?mail |message )?because|"
    r"dies(?:e nachricht)? (?:ist eine|wurde) automatisch\w*|"
    r"automatisch (?:erstellte|generierte|versandte) (?:nachricht|e-?mail)|"
    r"(?:bitte )?(?:antworten sie nicht|nicht) auf diese (?:e-?mail|nachricht) (?:antworten)?|"
    r"(?:ceci est un|cet?) (?:message|e-?mail|courriel) (?:est )?(?:automatique|généré automatiquement)|"
    r"(?:merci de )?ne pas répondre à ce (?:message|mail|courriel)|"
    r"dit is een automatisch\w* (?:bericht|antwoord|e-?mail)|"
    r"(?:gelieve )?niet (?:te )?(?:antwoorden|reageren) op dit bericht|"
    r"(?:este es un )?(?:mensaje|correo) (?:automático|generado automáticamente)|"
    r"no respond(?:a|as|er) a este (?:mensaje|correo))",
    re.I,
)
_HEADED = re.compile(
    r"^\W*(?:automatic|automated|auto[- ]?generated|automatische?s?|automatique|automático)\b[^\n:]{0,20}"
    r"(?:reply|message|nachricht|bericht|antwort|antwoord|réponse|respuesta|mensaje)?\s*[:\n]",
    re.I,
)
_CIRCULAR = re.compile(
    r"(?:unsubscribe|abmelden|se désabonner|uitschrijven|darse de baja)\s*[|·•]|[|·•]\s*(?:unsubscribe|abmelden|"
    r"se désabonner|uitschrijven|darse de baja|mute|read online|view in browser)|\[(?:firing|resolved|alert)[:\]]",
    re.I,
)


def looks_automatic(subject: str, text: str) -> bool:
    """Whether subject and text are plainly a machine's, whatever its headers say."""
    beginning = f"{subject}\n{text[:1500]}"
    if _BOUNCE.search(beginning) or _CIRCULAR.search(beginning):
        return True
    if (_SAYS_SO.search(beginning) or _HEADED.match(text) or _HEADED.match(f"{subject}\n")) and "?" not in text[:1500]:
        return True
    away = _AWAY.search(beginning)
    if _ABSENCE.match(subject) and (away or _BACK.search(beginning)):
        return True
    return bool(away and away.start() < 220 and _BACK.search(beginning) and "?" not in text[:1500])
