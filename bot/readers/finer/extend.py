"""The wish to keep a registration protected for longer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.readers.finer.deal_wishes import DealWish, found
from bot.readers.finer.moods import patterns
from bot.readers.finer.scene import Hit, Scene, Wish, stems
from bot.vocabulary.message import Question
from bot.vocabulary.requests import Finer

_VERB = patterns({
    "en": (
        r"stretch(?:ing|ed)?|extend(?:ing|ed)?|extensions?|prolong(?:ing|ed)?|prolongation|renew(?:al|ing|ed)?|"
        r"lengthen(?:ing|ed)?|"
        r"(?:another|further|additional|extra|more|longer) (?:\d+ |sixty |thirty |two |few |"
        r"a few )?(?:(?:business )?days|"
        r"weeks|months|time|period)|more (?:days|weeks|months)|(?:push|mov|postpon|shift)\w* (?:\S+ ){0,4}(?:expir\w*|"
        r"end date)|"
        r"keep (?:\w+ ){1,5}(?:protected|reserved|registered|alive|open|ours|locked)|"
        r"(?:protect\w*|reserv\w*|hold|held|covered|lock\w*) (?:\w+ ){0,4}(?:longer|until|till)|"
        r"longer (?:protection|window|period)|push (?:out|back)|roll(?:ed)? over"
    ),
    "de": (
        r"(?:halt|lass)\w* (?:\S+ ){0,8}(?:geschützt|reserviert|frei)|verlänger\w*|weiterverlänger\w*|"
        r"(?:schutz)?verlängerung\w*|ausdehn\w*|aufschub|prolongier\w*|erneuer\w*|"
        r"noch (?:\S+ )?(?:tage|wochen|monate|etwas) (?:\S+ ){0,4}(?:reservier\w*|schütz\w*|halten|freihalten|"
        r"sicher\w*)|"
        r"weitere (?:\d+|sechzig|zwei|paar|einige) (?:tage|wochen|monate)|(?:noch )?mehr zeit|"
        r"länger (?:\w+ ){0,3}(?:schütz\w*|geschützt|reservier\w*|halten|sicher\w*|freihalten)|"
        r"(?:schütz\w*|reservier\w*|halte\w*) (?:\w+ ){1,6}(?:länger|weiter)|fristverlängerung\w*"
    ),
    "fr": (
        r"(?:re)?prolong\w*|prorog\w*|etend\w*|extension|recondui\w*|rallong\w*|allong\w*|"
        r"renouvel\w*|(?:\d+|soixante|quelques) jours (?:supplementaires|de plus|encore)|"
        r"(?:plus de|davantage de|encore du|un peu plus de) (?:temps|delai)|(?:delai|temps|mois|semaines) "
        r"supplementaires?|(?:proteg|reserv|gard|maintien|maint\w*)\w* (?:\S+ ){0,6}(?:plus longtemps|encore)"
    ),
    "nl": (
        r"verleng\w*|verlengd|prolonge\w*|uitstel|vernieuw\w*|"
        r"(?:nog|extra|nog eens) (?:\d+|zestig|enkele|een paar) (?:dagen|weken|maanden)|"
        r"(?:meer|extra|wat meer) tijd|(?:\d+|zestig) dagen (?:extra|langer|erbij)|"
        r"langer (?:\w+ ){0,3}(?:bescherm\w*|beschermd|vasthouden|reserveren|vastleggen|houden)|"
        r"(?:bescherm\w*|reserve\w*|hou\w*) (?:\w+ ){1,6}langer"
    ),
    "es": (
        r"prorrog\w*|prorrogas?|prolong\w*|ampli(?:ar\w*|acion|ad|en|e|amos|as|a)|exten(?:der|di|dam|ded|sion|dai|"
        r"dan)\w*|extiend\w*|alarg\w*|renov\w*|renuev\w*|"
        r"(?:\d+|sesenta|unos|otros \d+) dias (?:mas|adicionales)|otros (?:\d+|sesenta) dias|mas (?:tiempo|plazo|dias|"
        r"meses|semanas)|"
        r"(?:proteg|reserv|manten)\w* (?:\w+ ){0,5}(?:mas tiempo)"
    ),
})  # fmt: skip

_MATTER = patterns({
    "en": (
        r"(?:deal )?registrations?|(?:deal )?regs?|protect(?:ion|ed)|protection window|reservation|exclusivity|deal|"
        r"opportunity|hold|expir\w+|reserved|registered"
    ),
    "de": (
        r"(?:deal-?)?registrierung\w*|anmeldung|(?:\w*schutz|schutzes)|schutz(?:frist|zeit\w*|dauer|fenster)\w*|"
        r"geschützt|"
        r"schützen|reservierung|reservier\w*|registriert|deals?|frist|vormerkung"
    ),
    "fr": (
        r"(?:l'|d'|cet |notre |l' ?)?enregistrement\w*|protection|protege\w*|reserve\w*|reservation|exclusivite|deal|"
        r"affaire|"
        r"opportunite|dossier|(?:l'|d')(?:affaire|opportunite|exclusivite)|declaration"
    ),
    "nl": (
        r"(?:deal-?)?registraties?|bescherming\w*|beschermd|beschermingstermijn|reservering|gereserveerd|reserveren|"
        r"exclusiviteit|deal|"
        r"aanmelding"
    ),
    "es": (
        r"registros?|proteccion|protegid\w*|reserva\w*|exclusividad|deal|operacion|oportunidad|negocio"
    ),
})  # fmt: skip

_ALIEN = patterns({
    "en": (
        r"contracts?|terms?(?! of)|licen[cs]\w*|subscription\w*|agreements?|maintenance|support|trial|deadline|offer|"
        r"quote|discount|invitation|thanks|welcome|warrant\w*|certificat\w*|webinar|training|course|payment|invoice|"
        r"extensions? number|seats|credit|pilot|poc|cert\w*|badge\w*|accreditation|my stay|functionality|plugin|browser"
    ),
    "de": (
        r"\w*vertr[aä]g\w*|laufzeit\w*|lizenz\w*|abo\w*|wartung\w*|angebot\w*|rabatt\w*|\S*zertifi\w*|webinar\w*|"
        r"schulung\w*|"
        r"kurs\w*|zahlung\w*|zahlungsziel|rechnung\w*|testphase|pilot\w*|urlaub|vertragsverlängerung\w*"
    ),
    "fr": (
        r"contrats?|licences?|abonnements?|maintenance|remise|offre|devis|certific\w*|webinaire|formation|paiement|"
        r"facture|essai|pilote|garantie|conges"
    ),
    "nl": (
        r"\w*contract\w*|licenti\w*|abonnement\w*|onderhoud\w*|offerte|korting|certific\w*|webinar|training|cursus|"
        r"betaling\w*|betaaltermijn|factuur|proefperiode|pilot|looptijd"
    ),
    "es": (
        r"contratos?|licencias?|suscripcion\w*|mantenimiento|oferta|presupuesto|descuento|certific\w*|webinar|"
        r"seminario|formacion|curso|pago|factura|prueba|piloto|garantia|informacion|datos"
    ),
})  # fmt: skip
_LOOSE = re.compile(
    r"\b(?:it|this|that|them|one|es|sie|ihn|das|diese[nrs]?|die|den|la|le|les|l'|lo|los|las|het|hem|deze|dit|ela)\b|"
    r"(?:ar|er|ir|ad|ed|en)(?:la|lo|los|las)\b"
)
_WISH = DealWish(Finer.EXTEND, Question.EXTEND, _VERB, _MATTER, _ALIEN, _LOOSE, near=40, strict=False)


def _find(scene: Scene) -> Iterator[Hit]:
    return found(_WISH, scene)


EXTEND = Wish(
    _find,
    stems(
        "stretch halten haltet lassen lasst extend extension push move postpone shift noch prolong proteger "
        "protege garder reserver maintenir prorogation renew lengthen more longer another further additional keep "
        "roll verlängern verlaengern ausdehnen aufschub erneuern weitere mehr länger laenger étendre etendre "
        "reconduire rallonger allonger renouveler jours supplementaires plus davantage uitstel vernieuwen extra "
        "nog langer prorrogar prorroga ampliar extiendan extender alargar renovar renueven dias otros mas "
        "fristverlängerung schutzverlängerung weiterverlängern until till reprolonger"
    ),
)
