"""Yes, no, or neither: what a few words answer, in any of five languages at once, since two letters tell none."""

from __future__ import annotations

import re
from enum import StrEnum

from bot.readers.finer.sentences import Sentence, pattern


class Polarity(StrEnum):
    YES = "yes"
    NO = "no"
    OPEN = "maybe"


NO_TROUBLE = pattern(
    r"no (?:problem|worries|objections?|issue)s?(?: at all)?|not a problem(?: at all)?|not to worry|"
    r"(?:gar |überhaupt |absolut )?(?:kein|null) (?:problem\w?|ding|thema|einwand)|keine (?:einwände|sorge)|"
    r"pas de (?:probleme|souci|objection)s?|aucun(?:e)? (?:probleme|souci|objection)|sans (?:probleme|souci)s?|"
    r"geen (?:enkel )?(?:probleem|bezwaar)|geen zorgen|"
    r"(?:no hay|sin|ningun) (?:problema|inconveniente)s?"
)
_HEDGED = pattern(
    r"may ?be|could be|might be|nothing yet|kann sein|könnte sein|noch nichts|ca se peut|cela se peut|pas encore|"
    r"kan zijn|"
    r"ligt (?:er ?)?aan|ligt eraan|nog niets|puede que|eerst overleggen|even (?:na)?vragen|comprobar\w*|verifi\w+|"
    r"nachschauen|nachsehen|"
    r"(?:mit|avec|con|met) (?:meine?m|mon|mi|mijn) (?:chef|boss|associee?|jefe|baas)|"
    r"perhaps|possibly|not (?:sure|yet|decided|certain)|unsure|(?:do not|don't) know|no idea|(?:get|come) back to you|"
    r"let you know|(?:think|thinking) (?:about|it over)|yes and no|yes or no|depends|depending|need to (?:ask|check|"
    r"think)|"
    r"(?:have|got) to (?:ask|check)|let me (?:ask|check|think)|will (?:ask|check|think)|i'll (?:ask|check|think)|"
    r"we'll (?:see|think|check)|undecided|tentativ\w*|if |unless|only if|provided|yes,? but (?:only|not)|"
    r"vielleicht|eventuell|evtl|jein|noch nicht|noch nichts|noch kein\w*|weiß (?:ich |es |noch )*nicht|"
    r"(?:keine|null) ahnung|melde[n]? (?:mich|uns)(?! (?:\w+ ){0,3}(?:bei|beim|dort|sofort))|geb\w* (?:ihnen |euch |"
    r"dir )?bescheid|überleg\w*|muss (?:erst |das |noch )*"
    r"(?:fragen|klären|prüfen|schauen|abstimmen)|hängt (?:davon |noch )?(?:ab|von|am|an)|unsicher|unentschieden|"
    r"nicht sicher|mal sehen|schauen wir mal|kommt (?:darauf|drauf) an|wenn|falls|sofern|"
    r"peut-etre|pas encore|(?:ne )?sais pas|aucune idee|je (?:vous|te) (?:dis|redis|tiens|reviens)|reflechi\w*|"
    r"oui et non|"
    r"ca depend|cela depend|il faut que je|dois (?:demander|verifier|voir)|pas sur\w*|a voir|on verra|si |s'il|"
    r"misschien|nog niet|nog geen|weet (?:ik )?(?:het )?(?:nog )?niet|geen idee|kom (?:er ?op|er nog op) terug|"
    r"laat (?:het|nog) "
    r"(?:\w+ )?weten|denk\w* er(?: nog)? over|ja en nee|hangt (?:er)?van|moet (?:het )?(?:eerst |nog )*(?:vragen|"
    r"checken|"
    r"overleggen|navragen)|niet zeker|twijfel\w*|even kijken|als|indien|"
    r"quiza\w*|tal vez|a lo mejor|todavia no|aun no|no (?:lo )?(?:se|sabemos)|ni idea|ya (?:te|le|os|les) (?:digo|dire|"
    r"decimos|diremos|comento)|lo (?:pienso|pensamos|pensare|consulto)|depende|si y no|tengo que (?:pregunt|consult|"
    r"ver)\w*|"
    r"no (?:estoy|estamos) segur\w*|veremos|habra que ver|puede ser"
)
_THANKS = (
    r"(?:(?:many |vielen |besten |herzlichen |muchas |hartelijk )?(?:thanks?|thank you|thx|danke?|dankeschön|merci|"
    r"bedankt|"
    r"gracias)(?: (?:schön|you|so much|a lot|vielmals|bien|beaucoup|sehr|u|je|jullie|u wel|je wel|noor|all))?)"
)
_FILLER = (
    rf"(?:{_THANKS}|hi|hello|hey|hallo|guten (?:tag|morgen)|bonjour|hola|dag|beste|please|pls|bitte(?: sehr)?|"
    r"s'il vous plait|svp|stp|alstublieft|alsjeblieft|aub|por favor|indeed|then|dann|dan|alors|entonces|gern\w*|graag|"
    r"natürlich|selbstverständlich|of course|course|bien sur|natuurlijk|tuurlijk|claro|absolutely|definitely|doch|"
    r"auf jeden fall|unbedingt|exactly|that's|so|do|it|that|this|das|es|so machen|machen|volontiers|"
    r"avec plaisir|con mucho gusto|"
    r"con gusto|very much|team|all|zusammen|noch|well|also|hombre|pues)"
)
_YES = (
    r"(?:yes|yep|yeah|yup|yess+|ye|aye|sure(?: thing)?|of course|absolutely|certainly|definitely|affirmative|gladly|"
    r"(?:we |i )?(?:confirm|agree|approve)(?:ed)?(?: (?:it|this|that))?|confirmed|agreed|approved|correct|exactly|"
    r"indeed|"
    r"that(?:'s| is| would be| sounds)? (?:\w+ )?(?:right|correct|fine|it|great|good|perfect|works|ok(?:ay)?|true)|"
    r"go (?:right )?ahead|go for it|(?:please |yes )?do (?:so|it|that|this|please)|please do|make it so|all good|"
    r"good to go|"
    r"works for (?:me|us)|ok(?:ay)? (?:pour|für|for|voor|para|por|with|von) (?:moi|nous|mich|uns|me|us|mij|ons|mi)|"
    r"please (?:proceed|change|update|register|extend|withdraw|close|correct|add|continue|confirm)(?: it| that| this|"
    r" them)?|"
    r"bitte (?:so |das so |das |dann so )?(?:übernehmen|machen|ändern|eintragen|anpassen|durchführen|fortfahren|"
    r"registrieren|bestätigen|tun)|"
    r"(?:graag )?(?:zo )?(?:aanpassen|doorvoeren|overnemen|registreren) graag|graag (?:zo )?(?:doen|aanpassen|"
    r"doorvoeren|overnemen|registreren)|"
    r"faites le (?:necessaire|changement)|(?:sounds|looks|seems) (?:\w+ )?(?:good|right|fine|great|correct|perfect)|"
    r"by all means|happy to|"
    r"ja|jap|jep|jo|joa|jawohl|jawoll|genau|gern(?:e)?|sehr gern(?:e)?|stimmt(?: so| genau)?|passt(?: so)?|richtig|"
    r"korrekt|"
    r"einverstanden|in ordnung|geht klar|alles klar|klar|na klar|selbstverständlich|natürlich|unbedingt|auf jeden fall|"
    r"(?:das|so) (?:stimmt|passt|ist (?:richtig|korrekt|gut|in ordnung|ok))(?: so)?|mach(?:t|en sie)?(?: \w+){0,3}|"
    r"(?:ich |wir )?bestätig(?:e|en|t)(?: \w+){0,2}|nur zu|bitte (?:machen|tun|so|gern\w*|sehr|ja)|"
    r"oui|ouais|si|d'accord|dac|entendu|volontiers|avec plaisir|bien sur|certainement|tout a fait|exact(?:ement)?|"
    r"c'est (?:bien )?(?:ca|cela|exact|correct|bon|juste|parfait|ok|note|entendu)|parfait|allez-y|vas-y|"
    r"faites(?:-le)?(?: \w+)?|"
    r"(?:je |nous )?confirm(?:e|ons)(?: \w+){0,2}|absolument|effectivement|ca (?:me|nous) (?:va|convient)|ca marche|"
    r"je valide|"
    r"jazeker|zeker|jawel|klopt(?: helemaal)?|dat (?:klopt|is (?:goed|juist|correct|prima|akkoord))|juist|akkoord|"
    r"prima|(?:helemaal |heel )?goed|in orde|doe (?:maar|dat)(?: \w+){0,2}|ga (?:je|uw) gang|uiteraard|natuurlijk|"
    r"tuurlijk|graag|heel graag|"
    r"(?:ik |wij |we )?bevestig(?:en)?(?: \w+){0,2}|is goed|mooi|"
    r"vale|claro(?: que si)?|correcto|exacto|de acuerdo|adelante|por supuesto|desde luego|asi es|eso es|conforme|dale|"
    r"perfecto|esta bien|muy bien|afirmativo|confirm(?:o|amos|ado)(?: \w+){0,2}|hazlo|haganlo|hagalo|hacedlo|"
    r"con (?:mucho )?gusto|estamos de acuerdo|me parece bien|nos parece bien|ok(?:ay|ey|e|i)?|k|fine|great|perfect|"
    r"cool|"
    r"right|super|top|:\+1:|:thumbsup:|:white_check_mark:|👍\S?|✅|👌|✔️?)"
)
_NO = (
    r"(?:no|nope|nah|nay|(?:absolutely|certainly|definitely|of course) not|no way|never|not at all|(?:please |"
    r"pls )?(?:don't|do not)(?: \w+){0,4}|"
    r"(?:that's|that is|this is|it's|it is) (?:\w+ )?(?:not (?:\w+ )?(?:correct|right|true|it|what \w+ \w+|necessary|"
    r"needed)|"
    r"wrong|incorrect|a mistake|an error)|that isn't (?:right|correct|it|true)|wrong|incorrect|not (?:correct|right|"
    r"necessary|needed|this time|now|interested|for us|really)|(?:please |better |just )?leave (?:it|that|this|things|"
    r"everything)"
    r"(?: \w+){0,5}|rather not|better not|i'd rather not|we'd rather not|negative|forget (?:it|that)|stop|hold (?:it|"
    r"off)|"
    r"nein|nee|nö|ne|nie|niemals|auf keinen fall|keinesfalls|bitte nicht|lieber nicht|besser nicht|nicht nötig|"
    r"(?:das |so )?(?:stimmt|passt|ist) (?:so |leider |aber )*(?:nicht|falsch|verkehrt)(?: \w+)?|falsch|"
    r"lass(?:t|en sie)? (?:\w+ )?(?:so|es|sein|das)(?: \w+){0,3}|ist nicht (?:nötig|gewünscht|richtig)|"
    r"(?:bitte )?nichts (?:ändern|machen|tun)|nicht (?:gewünscht|machen|"
    r"richtig|korrekt|so)|"
    r"non|nan|surtout pas|pas du tout|certainement pas|jamais|plutot pas|mieux vaut pas|non merci|"
    r"(?:ce n'est|c'est) (?:pas|faux|inexact|une erreur)(?: \w+){0,3}|laissez(?: \S+){0,4}|laisse(?: \S+){0,3}|"
    r"n'en faites rien|pas (?:la peine|necessaire|correct|cette fois)|faux|incorrect|"
    r"neen|liever niet|beter niet|zeker niet|absoluut niet|niet (?:nodig|doen|correct|juist)|"
    r"(?:dat |dit )?(?:klopt|is) (?:\w+ )?(?:niet|fout|onjuist)(?: \w+)?|laat (?:maar|het|alles)(?: \w+){0,3}|fout|"
    r"onjuist|"
    r"nunca|jamas|para nada|de ningun modo|en absoluto|mejor no|no,? gracias|no (?:es|esta) (?:correcto|cierto|asi|"
    r"bien|"
    r"necesario|verdad)|no hace falta|deje(?:lo|n|nlo|mos\w*)?(?: \w+){0,4}|dejadlo(?: \w+){0,3}|dejalo(?: \w+){0,3}|"
    r"no lo (?:haga\w*|hagas|hagais)|incorrecto|negativo|:-1:|:thumbsdown:|👎\S?|❌)"
)
_YES_CLAUSE = re.compile(rf"(?:{_FILLER}\s+)*{_YES}(?:\s+(?:{_FILLER}|{_YES}))*")
_NO_CLAUSE = re.compile(
    rf"(?:(?:well|also|hi|hello|hallo|hola|bonjour|oh|äh|uh|sorry|leider|helaas)\s+)*{_NO}(?:\s+(?:{_FILLER}|{_NO}))*"
)
_BREAK = re.compile(r"[,;:!.()\"…]+(?=\s|$)|\s-+\s|\n|\s(?=(?:but|aber|mais|pero|and|und|et|en|y)\s)")
_EMOJI_CODE = re.compile(r":[+a-z0-9_-]{1,40}:")
_LONGEST = 160
_MOST_CLAUSES = 4


def polarity_of(sentences: tuple[Sentence, ...]) -> Polarity | None:
    """What the beginning of a message answers; None where it neither says yes nor no."""
    opening = [s.text[:_LONGEST] for s in sentences[:3]]
    if not opening:
        return None
    text = NO_TROUBLE.sub("ok", ". ".join(opening))
    if _HEDGED.search(text[: _LONGEST * 2]):
        return Polarity.OPEN
    said = [p for clause in _clauses(text) if (p := _of_clause(clause)) is not None]
    if not said:
        return None
    return said[0] if all(p is said[0] for p in said) else _contradicted(said)


def _clauses(text: str) -> list[str]:
    parts = [part.strip(" *_~>'«»¡¿") for part in _BREAK.split(text)]
    return [part for part in parts if part][:_MOST_CLAUSES]


def _of_clause(clause: str) -> Polarity | None:
    if "?" in clause or len(clause) > 80:
        return None
    if _NO_CLAUSE.fullmatch(clause):
        return Polarity.NO
    return Polarity.YES if _YES_CLAUSE.fullmatch(clause) or _led_by(clause) else None


def _led_by(clause: str) -> bool:
    """Whether a clause is a plain yes with what it says yes to: "yes please extend it"."""
    return bool(_LED.match(clause)) and not _DENIAL.search(clause)


_LED = pattern(
    r"(?:yes|yep|yeah|ja|jawohl|oui|si(?= por favor| gracias| claro| queremos)|sure|of course|please go ahead|jazeker)"
)
_DENIAL = pattern(r"not|n't|\w+n't|no|nicht|kein\w*|pas|aucun|niet|geen|nein|nee|non|never|nie")


def _contradicted(said: list[Polarity]) -> Polarity:
    """ "No, leave it" and "ok, no" deny; whatever else says both is open."""
    return Polarity.NO if said[0] is Polarity.NO and said.count(Polarity.YES) == 0 else Polarity.OPEN
