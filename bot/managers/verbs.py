"""The verbs of managers' messages, in five languages: plain ones, and the mere yes and no."""

from __future__ import annotations

from enum import StrEnum


class Verb(StrEnum):
    APPROVE = "approve"
    REFUSE = "refuse"
    ASK = "ask"
    PROTECT = "protect"
    ATTRIBUTE = "attribute"
    CANCEL = "cancel"
    POSTPONE = "postpone"
    BLOCK = "block"
    RELEASE = "release"
    PAY = "paid"
    UPHOLD = "uphold"
    CORRECT = "correct"
    RETRY = "retry"


PLAIN: dict[Verb, tuple[str, ...]] = {
    Verb.APPROVE: (
        "approve", "approved", "i approve", "accept", "accepted", "i accept", "go ahead",
        "genehmigt", "genehmige", "genehmigen", "ich genehmige", "freigegeben", "freigeben", "angenommen", "annehmen",
        "akzeptiert", "akzeptieren", "zugestimmt", "zustimmen", "ich stimme zu",
        "approuvé", "approuvée", "approuver", "approuve", "j'approuve", "accepté", "acceptée", "accepter", "accepte",
        "j'accepte", "validé", "validée", "valider",
        "goedgekeurd", "goedkeuren", "ik keur goed", "geaccepteerd", "accepteren", "aanvaard", "aanvaarden",
        "aprobado", "aprobada", "aprobar", "apruebo", "aceptado", "aceptada", "aceptar", "acepto",
    ),
    Verb.REFUSE: (
        "refuse", "refused", "i refuse", "decline", "declined", "i decline", "reject", "rejected", "i reject", "deny",
        "denied",
        "ablehnen", "abgelehnt", "ich lehne ab", "zurückweisen", "zurückgewiesen",
        "refuser", "refusé", "refusée", "je refuse", "rejeter", "rejeté", "rejetée", "décliner", "décliné",
        "weigeren", "geweigerd", "ik weiger", "afwijzen", "afgewezen", "ik wijs af", "afkeuren", "afgekeurd",
        "rechazar", "rechazado", "rechazada", "rechazo", "denegar", "denegado", "denegada", "deniego",
    ),
    Verb.ASK: (
        "ask", "question", "ask them", "ask the partner",
        "frage", "fragen", "rückfrage", "nachfrage", "nachfragen",
        "demander", "demande", "demandez",
        "vraag", "vragen", "navragen",
        "pregunta", "preguntar", "pregunte", "consulta", "consultar",
    ),
    Verb.PROTECT: ("protect", "schützen", "protéger", "beschermen", "proteger"),
    Verb.ATTRIBUTE: ("attribution", "attribute", "zuordnung", "attributie", "atribución"),
    Verb.CANCEL: (
        "cancel", "never mind", "nevermind", "abbrechen", "annuler", "annuleren", "cancelar", "déjalo",
    ),
    Verb.POSTPONE: (
        "postpone", "postponed", "i postpone",
        "verschieben", "verschoben", "aufschieben", "aufgeschoben", "zurückstellen", "zurückgestellt",
        "reporter", "reporté", "reportée", "différer", "différé", "différée",
        "uitstellen", "uitgesteld", "ik stel uit",
        "aplazar", "aplazado", "aplazada", "aplazo", "posponer", "pospuesto", "pospuesta",
    ),
    Verb.BLOCK: (
        "block", "blocked", "i block",
        "sperren", "gesperrt", "blockieren", "blockiert",
        "bloquer", "bloqué", "bloquée", "je bloque",
        "blokkeren", "geblokkeerd", "ik blokkeer",
        "bloquear", "bloqueado", "bloqueada", "bloqueo",
    ),
    Verb.RELEASE: (
        "release", "released", "i release", "unblock", "unblocked",
        "entsperren", "entsperrt", "freischalten", "freigeschaltet",
        "débloquer", "débloqué", "débloquée", "je débloque",
        "deblokkeren", "gedeblokkeerd", "vrijgeven", "vrijgegeven",
        "desbloquear", "desbloqueado", "desbloqueada", "liberar", "liberado", "liberada",
    ),
    Verb.PAY: (
        "paid",
        "bezahlt", "gezahlt", "überwiesen",
        "payé", "payée", "réglé", "réglée",
        "betaald", "overgemaakt",
        "pagado", "pagada", "abonado", "abonada",
    ),
    Verb.UPHOLD: (
        "uphold", "upheld", "i uphold",
        "aufrechterhalten", "beibehalten", "bleibt bestehen", "es bleibt dabei",
        "maintenir", "maintenu", "maintenue", "je maintiens",
        "handhaven", "gehandhaafd", "ik handhaaf",
        "mantener", "mantenido", "mantenida", "mantengo", "se mantiene",
    ),
    Verb.CORRECT: (
        "correct", "corrected", "i correct",
        "korrigieren", "korrigiert", "korrigiere", "berichtigen", "berichtigt", "berichtige",
        "corriger", "corrigé", "corrigée", "je corrige",
        "corrigeren", "gecorrigeerd", "ik corrigeer",
        "corregir", "corregido", "corregida", "corrijo",
    ),
    Verb.RETRY: (
        "retry", "try again",
        "erneut versuchen", "nochmal versuchen", "noch einmal versuchen", "wiederholen",
        "réessayer", "réessayez", "essayer à nouveau",
        "opnieuw proberen", "probeer opnieuw",
        "reintentar", "intentar de nuevo", "inténtelo de nuevo",
    ),
}  # fmt: skip
MERE: dict[Verb, tuple[str, ...]] = {
    Verb.APPROVE: (
        "yes", "ok", "okay", "agreed", "confirmed", "fine", "ja", "einverstanden", "oui", "d'accord", "akkoord", "sí",
        "vale", "de acuerdo", "conforme",
    ),
    Verb.REFUSE: ("no", "nein", "non", "nee"),
}  # fmt: skip
