"""Products of the vendor's catalogue, by their names and other names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.readers.builtin.mentions import Kind, Mention
from knowledge.program import Product

# What the catalogue's English names are called elsewhere; applies only where the catalogue has the English one.
_ELSEWHERE: dict[str, tuple[str, ...]] = {
    "platform": ("plattform", "plateforme", "plataforma", "lumora-plattform"),
    "analytics add-on": (
        "analytics", "analyse-add-on", "analyse-modul", "module d'analyse", "module analytique", "analyse-module",
        "módulo de analítica", "complemento de analítica", "analytics-add-on", "analytics-modul", "analyse-zusatz",
        "module analytics", "add-on analytics", "analysemodul", "complemento analítico", "analytics module",
    ),
    "integration hub": (
        "integrations-hub", "integrationshub", "hub d'intégration", "hub d’intégration", "integratiehub",
        "integratie-hub", "hub de integración", "hub de integraciones", "integrationsplattform", "integrations hub",
    ),
    "ai add-on": (
        "ki-add-on", "ki-addon", "ki-zusatz", "ki-modul", "ai-addon", "ai addon", "ai-module", "module ia", "add-on ia",
        "l'ia", "complemento de ia", "módulo de ia", "option ia", "ki-erweiterung", "ai module", "complément ia",
    ),
    "onboarding": ("onboardings", "onboarding-paket", "onboardingpaket", "onboardingpakket", "onboarding-pakket"),
    "implementation": ("implementierung", "implémentation", "implementatie", "implementación"),
    "go-live services": ("go-live", "go-live-services", "golive"),
}  # fmt: skip


class ProductFinder:
    """Finds what the catalogue lists; built once, from names, aliases and the words they share."""

    def __init__(self, catalogue: tuple[Product, ...]) -> None:
        self._forms: dict[str, str] = {}
        for product in catalogue:
            for form in (product.name, *product.aliases):
                for said in (form, *_ELSEWHERE.get(form.casefold(), ())):
                    self._forms.setdefault(_folded(said), product.name)
        forms = sorted(self._forms, key=len, reverse=True)
        alternatives = "|".join(re.escape(form).replace(r"\ ", r"[\s-]+") for form in forms)
        self._pattern = re.compile(rf"(?<![^\W_])(?:{alternatives or '(?!)'})(?![^\W\d_])", re.I)

    def find(self, text: str) -> Iterator[Mention]:
        """Every product named; a name right after another one's first word belongs to the longer name."""
        for match in self._pattern.finditer(text):
            name = self._forms.get(_folded(match.group()))
            if name is not None:
                yield Mention(Kind.PRODUCT, match.start(), match.end(), name)


def _folded(form: str) -> str:
    return re.sub(r"[\s-]+", " ", form).casefold().strip()
