"""One announcement as people would write it in five languages: all of them say the same."""

from __future__ import annotations

from bot.vocabulary.announcing import AnnouncementText

_TEXTS = {
    "en": """Partner day in Ghent on 3 December 2026

# Hello {first_name}

From 1 January 2027 Lumora Core costs EUR 24.50 per seat and month, 5% more than today. Deals above $10,000
that close by December 15 keep the old price.

## Partner day

Join us on Thursday, 3 December 2026, from 9 am to 4:30 pm at Dok Noord 7, 9000 Ghent. There are 120 seats;
the 1st to come is the 1st to be served. In Q4 we paid 1.2 million euros.

* Agenda: https://lumora.example/ghent?x=1

* Questions: [write us](mailto:partners@lumora.example) or +32 9 123 45 67

You have {open_deals} open deals.
""",
    "de": """Partnertag in Gent am 3. Dezember 2026

# Guten Tag {first_name}

Ab dem 1. Januar 2027 kostet Lumora Core 24,50 EUR pro Platz und Monat, 5 % mehr als heute. Abschlüsse über
10.000 $, die bis zum 15. Dezember unterzeichnet werden, behalten den alten Preis.

## Partnertag

Kommen Sie am Donnerstag, dem 3.12.2026, von 9 bis 16:30 Uhr nach Dok Noord 7, 9000 Gent. Es gibt 120 Plätze;
wer als 1. kommt, ist der 1. am Zug. Im 4. Quartal haben wir 1,2 Millionen Euro gezahlt.

* Programm: https://lumora.example/ghent?x=1

* Fragen: [schreiben Sie uns](mailto:partners@lumora.example) oder +32 9 123 45 67

Sie haben {open_deals} offene Geschäfte.
""",
    "fr": """Journée partenaires à Gand le 3 décembre 2026

# Bonjour {first_name}

À partir du 1er janvier 2027, Lumora Core coûte 24,50 EUR par poste et par mois, 5 % de plus qu'aujourd'hui.
Les affaires de plus de 10 000 $ conclues avant le 15 décembre gardent l'ancien prix.

## Journée partenaires

Rejoignez-nous le jeudi 3 décembre 2026, de 9 h à 16 h 30, au Dok Noord 7, 9000 Gand. Il y a 120 places ; le
1er arrivé est le 1er servi. Au T4 nous avons versé 1,2 million d'euros.

* Programme : https://lumora.example/ghent?x=1

* Questions : [écrivez-nous](mailto:partners@lumora.example) ou +32 9 123 45 67

Vous avez {open_deals} affaires en cours.
""",
    "nl": """Partnerdag in Gent op 3 december 2026

# Dag {first_name}

Vanaf 1 januari 2027 kost Lumora Core € 24,50 per gebruiker per maand, 5% meer dan vandaag. Deals boven $
10.000 die vóór 15 december sluiten, houden de oude prijs.

## Partnerdag

Kom op donderdag 3 december 2026 van 9 tot 16.30 uur naar Dok Noord 7, 9000 Gent. Er zijn 120 plaatsen; wie
het 1e komt, is het 1e aan de beurt. In Q4 hebben we 1,2 miljoen euro betaald.

* Agenda: https://lumora.example/ghent?x=1

* Vragen: [schrijf ons](mailto:partners@lumora.example) of +32 9 123 45 67

U hebt {open_deals} open deals.
""",
    "es": """Día de socios en Gante el 3 de diciembre de 2026

# Hola, {first_name}

A partir del 1 de enero de 2027, Lumora Core costará 24,50 EUR por usuario y mes, un 5 % más que hoy. Las
operaciones de más de 10.000 $ que se cierren antes del 15 de diciembre mantienen el precio anterior.

## Día de socios

Acompáñenos el jueves 3 de diciembre de 2026, de 9:00 a 16:30, en Dok Noord 7, 9000 Gante. Hay 120 plazas; el
1.º en llegar es el 1.º en ser atendido. En el T4 pagamos 1,2 millones de euros.

* Programa: https://lumora.example/ghent?x=1

* Preguntas: [escríbanos](mailto:partners@lumora.example) o +32 9 123 45 67

Tiene {open_deals} operaciones abiertas.
""",
}
LANGUAGES = tuple(_TEXTS)


def told_in(language: str, *, approved: bool = True) -> AnnouncementText:
    subject, _, body = _TEXTS[language].partition("\n\n")
    return AnnouncementText(language, subject, body.strip(), approved=approved, by="")
