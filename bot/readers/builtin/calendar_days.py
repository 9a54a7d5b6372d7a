"""Turns days, months, weeks and spans into dates, seen from the day on which a message arrived."""

from __future__ import annotations

import calendar
from datetime import date, timedelta


class Calendar:
    """Turns what is written into days, seen from the day a message arrived."""

    def __init__(self, received: date, month_first: bool) -> None:
        self.received = received
        self.month_first = month_first

    def day(self, day: int, month: int, year: int | None) -> date | None:
        """That day; without a year the next one at or after arrival."""
        if year is not None and year < 100:
            year += 2000
        try:
            if year is not None:
                return date(year, month, day)
            this = date(self.received.year, month, day)
        except ValueError:
            return None
        if this >= self.received:
            return this
        try:
            return this.replace(year=this.year + 1)
        except ValueError:
            return None

    def month_end(self, month: int, year: int | None) -> date:
        """The last day of the month; without a year the next such day."""
        chosen = self.received.year if year is None else year
        last = date(chosen, month, calendar.monthrange(chosen, month)[1])
        if year is None and last < self.received:
            return self.month_end(month, chosen + 1)
        return last

    def in_month(self, part: str, month: int, year: int | None) -> date:
        """The first, fifteenth or last day of a month."""
        last = self.month_end(month, year)
        if part == "early":
            return self.day(1, month, year) or last
        if part == "mid":
            return self.day(15, month, year) or last
        return last

    def week(self, number: int, year: int | None = None) -> date | None:
        """The Friday of a calendar week: of that year, else of the next such week to come."""
        for tried in (year,) if year else (self.received.year, self.received.year + 1):
            try:
                friday = date.fromisocalendar(tried, number, 5)
            except ValueError:
                continue
            if friday >= self.received:
                return friday
        return None

    def after(self, count: int, unit: str) -> date:
        """The day so many days, weeks or months after arrival."""
        if unit == "month":
            months = self.received.month - 1 + count
            year, month = self.received.year + months // 12, months % 12 + 1
            return date(year, month, min(self.received.day, calendar.monthrange(year, month)[1]))
        return self.received + timedelta(days=count * (7 if unit == "week" else 1))

    def weekday(self, number: int, weeks: int = 0) -> date:
        """The next such weekday after arrival."""
        ahead = (number - self.received.weekday() - 1) % 7 + 1
        return self.received + timedelta(days=ahead + 7 * weeks)

    def day_of_month(self, day: int) -> date | None:
        """The next such day of a month."""
        for count in range(3):
            base = self.after(count, "month")
            try:
                found = base.replace(day=day)
            except ValueError:
                continue
            if found >= self.received:
                return found
        return None
