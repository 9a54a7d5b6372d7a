"""Products of the vendor's catalogue, by their names and other names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.readers.builtin.mentions import Kind, Mention
from knowledge.program import Product

# What the catalogue's English names are called elsewhere; applies only where the catalogue has the English one.
_ELSEWHERE: dict[str, tuple[str, ...]] = {
    "platform": (
        "plattform", "plateforme", "plataforma", "lumora-plattform", "suite de base",
    ),
    "analytics add-on": (
        "analytics", "analyse-add-on", "analyse-modul", "module d'analyse", "module analytique", "analyse-module",
        "módulo de analítica", "complemento de analítica", "analytics-add-on", "analytics-modul", "analyse-zusatz",
        "module analytics", "add-on analytics", "analysemodul", "complemento analítico", "analytics module",
        "l'analytique", "option analytique", "et analytique", "l’analytique", "analítica", "analitica", "analytik",
        "analytik-modul", "outil d'analyse", "outil d’analyse", "módulo de análisis", "módulo de reportes",
        "parte de reportes", "reporting module", "reporting bit", "reporting part", "reporting add-on",
        "reporting-modul", "analyse-tool", "analysetool", "analyse-uitbreiding",
    ),
    "integration hub": (
        "integrations-hub", "integrationshub", "hub d'intégration", "hub d’intégration", "integratiehub",
        "integratie-hub", "hub de integración", "hub de integraciones", "integrationsplattform", "integrations hub",
        "integrationsmodul", "integrations-modul", "conector", "integrador", "connecteur", "the hub", "der hub",
        "den hub", "le hub", "de hub", "el hub", "hub-modul", "hub module", "módulo de integración",
        "module d'intégration", "module d’intégration", "integratiemodule", "integration module",
    ),
    "ai add-on": (
        "ki-add-on", "ki-addon", "ki-zusatz", "ki-modul", "ai-addon", "ai addon", "ai-module", "module ia",
        "add-on ia", "l'ia", "complemento de ia", "módulo de ia", "option ia", "ki-erweiterung", "ai module",
        "complément ia", "add-on de ia", "asistente de ia", "asistente de inteligencia artificial",
        "asistente de inteligencia", "complemento de inteligencia artificial", "complemento de inteligencia",
        "módulo ia", "módulo de inteligencia", "ajout ia", "assistant ia", "ai assistant", "ki-assistent",
        "ki-assistenten", "ai-assistent", "the ai", "plus ai", "die ki", "der ki", "la ia", "l’ia", "de ai",
        "ki-teil", "ai part", "ai bit", "ai thing", "ai piece", "ai-deel", "module d'intelligence artificielle",
        "inteligencia artificial", "intelligence artificielle", "el módulo de ia",
    ),
    "onboarding": (
        "onboardings", "onboarding-paket", "onboardingpaket", "onboardingpakket", "onboarding-pakket",
        "paquete de arranque", "pack de démarrage", "forfait de démarrage", "paquete de inicio", "puesta en marcha",
        "arranque", "paquete de implementación", "starterpakket", "opstartpakket", "startpaket", "einführungspaket",
        "mise en route", "pack d'accompagnement", "onboarding package", "starter package", "starter pack",
    ),
    "implementation": (
        "implementierung", "implémentation", "implementatie", "implementación",
    ),
    "go-live services": (
        "go-live", "go-live-services", "golive",
    ),
}  # fmt: skip


class ProductFinder:
    """Finds what the catalogue lists; built once, from names, aliases and the words they share."""

    def __init__(self, catalogue: tuple[Product, ...]) -> None:
        self._forms: dict[str, str] = {}
        for product in catalogue:
            for form in (product.name, *product.aliases):
                for said in (form, *_ELSEWHERE.get(form.casefold(), ())):
                    self._forms.setdefault(_folded(said), product.name)
        self._shared = {f for f in self._forms if any(_begins(p.name, f, self._forms[f]) for p in catalogue)}
        forms = sorted(self._forms, key=len, reverse=True)
        alternatives = "|".join(re.escape(form).replace(r"\ ", r"[\s-]+") for form in forms)
        self._pattern = re.compile(rf"(?<![^\W_])(?:{alternatives or '(?!)'})(?![^\W\d_])", re.I)

    def find(self, text: str) -> Iterator[Mention]:
        """Every product named; a name right after another one's first word belongs to the longer name.

        What names one product and begins another's name, as the vendor's own name may, is not sure.
        """
        for match in self._pattern.finditer(text):
            form = _folded(match.group())
            name = self._forms.get(form)
            if name is not None:
                yield Mention(Kind.PRODUCT, match.start(), match.end(), name, sure=form not in self._shared)


def _begins(name: str, form: str, meant: str) -> bool:
    """Whether a form that means one product is the beginning of another one's name."""
    return name != meant and _folded(name).startswith(f"{form} ")


def _folded(form: str) -> str:
    return re.sub(r"[\s-]+", " ", form).casefold().strip()
