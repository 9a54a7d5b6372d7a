"""The names of the months in five languages."""

from __future__ import annotations

from bot.readers.builtin.cues import shortest

_MONTHS: tuple[str, ...] = (
    r"january|januar|jänner|jaenner|janvier|januari|enero|jan|janv|ene",
    r"february|februar|feber|février|fevrier|februari|febrero|feb|fév|févr|febr|fev|fevr",
    r"march|märz|maerz|mars|maart|marzo|mar|mrz|mrt|mär",
    r"april|avril|abril|apr|avr|abr",
    r"may|mai|mei|mayo",
    r"june|juni|juin|junio|jun",
    r"july|juli|juillet|julio|jul|juil",
    r"august|août|aout|augustus|agosto|aug|ago",
    r"september|septembre|septiembre|setiembre|septämber|sept|sep",
    r"october|oktober|octobre|octubre|oct|okt",
    r"november|novämber|novembre|noviembre|nov",
    r"december|dezämber|dezember|desembre|décembre|decembre|diciembre|dec|dez|déc|dic",
)
ANY_MONTH = "|".join(sorted("|".join(_MONTHS).split("|"), key=len, reverse=True))
MONTH = shortest(ANY_MONTH)
"""A month is named only where the text holds one of these."""
MONTH_OF = {name: place for place, names in enumerate(_MONTHS, 1) for name in names.split("|")}
