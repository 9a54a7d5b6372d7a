"""The wish to take back a registration of one's own; to have lost the deal is another thing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.readers.finer.deal_wishes import DealWish, found
from bot.readers.finer.lost import tells_of_loss
from bot.readers.finer.moods import patterns
from bot.readers.finer.scene import Hit, Scene, Wish, stems
from bot.vocabulary.message import Question
from bot.vocabulary.requests import Finer, UpdateFields
from crm.records import Stage

_VERB = patterns({
    "en": (
        r"kill|withdraw(?:ing|n|al)?|cancel(?:l?ing|l?ed|lation)?|retract(?:ing|ed)?|revoke|revoking|rescind|recall|"
        r"annul|"
        r"void|undo|scrap|drop(?:ping)?|delet(?:e|ed|ing)|remov(?:e|ed|ing)|releas(?:e|ed|ing)|relinquish|let go|"
        r"free up|giv(?:e|ing) up|take (?:\S+ ){0,6}(?:back|off|down|out)|taken (?:back|off|down)|"
        r"pull(?:ing)? (?:\S+ ){0,5}(?:back|out)?|unregister|deregister"
    ),
    "de": (
        r"zurückzieh\w*|zurückzuziehen|zurückgezogen|zurücknehm\w*|zurückzunehmen|zurückgenommen|"
        r"(?:zieh\w*|nehm\w*|nimm\w*) (?:\S+ ){0,8}(?:zurück|raus|heraus)|stornier\w*|storno\w*|lösch\w*|gelöscht|"
        r"annullier\w*|"
        r"streich\w*|gestrichen|aufheb\w*|aufgehoben|freigeb\w*|freigegeben|(?:gebt|geben) (?:\S+ ){0,6}frei|"
        r"widerruf\w*|rausnehm\w*|herausnehm\w*|entfern\w*|auflös\w*|abmeld\w*|rückzug|rücknahme|verwerf\w*"
    ),
    "fr": (
        r"retir\w+|retrait|annul\w+|supprim\w+|revoqu\w+|effac\w+|liber\w+|abandonn\w+|renonc\w+|desenregistr\w+"
    ),
    "nl": (
        r"haal (?:\S+ ){0,6}(?:weg|eruit)|intrek\w*|in te trekken|ingetrokken|trek\w* (?:\S+ ){0,8}(?:in|terug)|"
        r"terugtrek\w*|teruggetrokken|"
        r"annuleer\w*|"
        r"annuleren|annulering|geannuleerd|schrap\w*|geschrapt|verwijder\w*|vrijgeven|vrijgegeven|"
        r"geef (?:\S+ ){0,6}vrij|doorhalen|terugnem\w*|neem (?:\S+ ){0,6}terug|uitschrijven|laten vallen|wissen"
    ),
    "es": (
        r"retir\w+|anul\w+|cancel\w+|elimin\w+|borr\w+|quit(?:ar|en|ad|amos)\w*|liber\w+|renunci\w+|revo\w+|"
        r"(?:dar|den|dad|damos|dejar) (?:\S+ ){0,5}(?:de baja|sin efecto)|desist\w+"
    ),
})  # fmt: skip

_MATTER = patterns({
    "en": (
        r"(?<!from )(?<!from the )(?<!from our )(?:(?:deal )?registrations?|(?:deal )?regs?|protection|reservation|"
        r"claim|"
        r"deal registration|submission|draft)"
    ),
    "de": (
        r"(?:deal-?)?registrierung\w*|(?:deal-?)?anmeldung|vormerkung|reservierung|deal|eintrag\w*|dealmeldung|schutz|"
        r"schutzes|entwurf|registration"
    ),
    "fr": (
        r"(?:l'|d'|cet |notre )?enregistrement\w*|protection|reservation|(?:la |notre )declaration|dossier|deal|"
        r"brouillon|(?:l'|cette |d')?(?:affaire|opportunite)"
    ),
    "nl": r"(?:deal-?)?registraties?|bescherming|reservering|aanmelding|deal|aanvraag|concept|registratieaanvraag",
    "es": r"registros?|proteccion|reserva|deal|operacion|oportunidad|borrador|solicitud",
})  # fmt: skip

_ALIEN = patterns({
    "en": (
        r"webinar|course|training|workshop|seminar|event|newsletters?|(?:mailing|distribution|contact) lists?|"
        r"lists?(?! of (?:\w+ )?(?:registrations|deals))|e?-?mails?|meeting|call|appointment|"
        r"invoice|orders?|subscription|invitation|tickets?|exam|session|contacts?|users?|colleague|access|statement|"
        r"from d-?\d+|offer|quote|lost|won(?!')|kick-?off|conference|his|her|webcast|certification|announcements?|"
        r"updates?|value|amount|price|date|close|stage|seats?|phone|address"
    ),
    "de": (
        r"webinar\w*|kurs\w*|schulung\w*|workshop\w*|seminar\w*|veranstaltung\w*|newsletter\w*|\w*verteiler\w*|mails?|"
        r"e-mail\w*|"
        r"termin\w*|besprechung|rechnung\w*|bestellung\w*|abo\w*|einladung\w*|prüfung\w*|kontakt\w*|nutzer\w*|"
        r"kollege\w*|"
        r"zugang|angebot\w*|verloren|aus d-?\d+|treffen|kick-?off|zertifizierung\w*|tagung|beta\w*|ankündigung\w*|"
        r"betrag|preis|datum|plätze|phase|nummer|adresse"
    ),
    "fr": (
        r"webinaire\w*|cours|formation\w*|atelier|seminaire|evenement|newsletter|liste|mails?|courriels?|reunion|"
        r"rendez-vous|facture\w*|commandes?|abonnement|invitation|examen|contacts?|utilisateurs?|collegue|acces|"
        r"offre|devis|perdu\w*|de d-?\d+ la|inscription|certification|annonces?|date|montant|prix|numero|adresse"
    ),
    "nl": (
        r"webinar\w*|cursus\w*|training\w*|workshop\w*|seminar|evenement|nieuwsbrief|\w*lijst|mails?|e-mails?|afspraak|"
        r"vergadering|facturen|factuur|bestelling\w*|abonnement\w*|uitnodiging|examen|contactpersoon|gebruikers?|"
        r"collega|toegang|offerte|verloren|uit d-?\d+|inschrijving\w*|certificering|aankondiging\w*|nieuws\w*|datum|"
        r"bedrag|prijs|nummer|adres"
    ),
    "es": (
        r"webinar|curso\w*|formacion|taller|seminario|evento|boletin|lista|correos?|reunion|cita|facturas?|pedidos?|"
        r"suscripcion|invitacion|examen|contactos?|usuarios?|compane\w*|acceso|oferta|perdid\w*|inscripcion|"
        r"certificacion|anuncios?|boletines|fecha|importe|precio|numero|direccion|patrocinador\w*"
    ),
})  # fmt: skip
_LOOSE = re.compile(
    r"\b(?:it|this|that|them|one|es|sie|ihn|das|diese[nrs]?|die|den|la|le|les|l'|lo|los|las|het|hem|deze|dit)\b|"
    r"(?:ar|er|ir|ad|ed|en)(?:la|lo|los|las)\b"
)
_WISH = DealWish(Finer.WITHDRAW, Question.WITHDRAW, _VERB, _MATTER, _ALIEN, _LOOSE, near=12, strict=True)


def _find(scene: Scene) -> Iterator[Hit]:
    """A deal that is said to be lost in the same breath is lost, not withdrawn."""
    if any(tells_of_loss(s) for s in scene.sentences):
        return
    for hit in found(_WISH, scene):
        lost = any(isinstance(r.fields, UpdateFields) and r.fields.stage is Stage.LOST for r in scene.reading.requests)
        if (
            not lost
            or _BY_MISTAKE.search(hit.request.said.casefold())
            or _REGISTERED.search(hit.request.said.casefold())
        ):
            yield hit


_REGISTERED = re.compile(r"regist|anmeld|enregistr|protect|protec|schutz|bescherm|aanmeld|withdraw|zurück|intrek|retir")
_BY_MISTAKE = re.compile(
    r"mistake|error|accident|duplicate|twice|\btest|wrong|versehen|irrtum|doppelt|fehler|falsch|erreur|doublon|"
    r"vergissing|"
    r"dubbel|per ongeluk|verkeerd|duplicad|equivoc|errone"
)


WITHDRAW = Wish(
    _find,
    stems(
        "kill haal withdraw withdrawn withdrawal cancel cancelled retract revoke revoking rescind recall annul "
        "void undo scrap drop delete remove removing release relinquish free give giving take taken pull "
        "unregister deregister zurückziehen zurueckziehen zurücknehmen zurueck zurück raus heraus stornieren "
        "storno löschen loeschen geloescht gelöscht annullieren streichen gestrichen aufheben aufgehoben "
        "freigeben frei widerrufen rausnehmen entfernen auflösen abmelden rückzug rueckzug rücknahme verwerfen "
        "retirer retrait annuler supprimer révoquer revoquer effacer libérer liberer abandonner renoncer "
        "désenregistrer desenregistrer intrekken trekken ingetrokken trek terugtrekken teruggetrokken annuleren "
        "geannuleerd schrappen geschrapt verwijderen vrijgeven doorhalen terugnemen neem uitschrijven vallen "
        "wissen retirar anular cancelar eliminar borrar quitar liberar renunciar revocar dar den dad damos "
        "desistir dejar letting"
    ),
)
