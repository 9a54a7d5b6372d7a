"""Deal numbers that look drawn at random and are the same in every demo."""

from __future__ import annotations

from random import Random


class Numbers:
    """`next` gives D- with four to six digits, never the same twice."""

    def __init__(self) -> None:
        self._random = Random("partnerline demo numbers")  # noqa: S311 - to look random, not to be a secret
        self._given: set[str] = set()

    def next(self) -> str:
        while True:
            digits = self._random.choice((4, 5, 6))
            number = f"D-{self._random.randrange(10 ** (digits - 1), 10**digits)}"
            if number not in self._given:
                self._given.add(number)
                return number
