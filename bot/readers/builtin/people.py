"""Names of contacts: titles fall away, the name itself stays as written."""

from __future__ import annotations

import re

_TITLE = re.compile(
    r"^(?:(?:the )?(?:herrn?|hr|frau|fr|mr|mrs|ms|miss|mx|sir|madame|mme|mlle|monsieur|m|dhr|mevr|mevrouw|mw|"
    r"meneer|de heer|"
    r"señora?|srt?a?|don|doña|d|dña|dr|dra|drs|dres|prof|professor|mag|maga|ing|dipl|dipl-ing|di|ddr|ir|mr|ingr|lic|"
    r"lcda?|cpa|abog|arq|inga?|maître|me|rev|capt|iur|phil|med|techn|dott|eng|engr|chief|alhaji|hon|encik|puan|mdm|madam|smt|shri|kapt|econ|mgr|in[żz])(?:\.-?|"
    r"\b(?![-'’])) *)+",
    re.I,
)


def trimmed_person(name: str) -> str:
    """The name without titles, on one line."""
    name = re.sub(r"\s+", " ", name).strip(" ,;:-–—*_\"'“”„()")
    return _TITLE.sub("", name).strip(" ,.") or name
