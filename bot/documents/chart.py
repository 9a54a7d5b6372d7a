"""Charts as PNG: values with their intervals, side by side in panels, in the colours of the program's brand."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from knowledge.brand import Colours
from knowledge.colours import mixed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_DPI = 160
_WIDTH, _HEIGHT = 3.9, 0.62  # inches: of a panel, and of one of its bars
_AROUND = 2.2  # inches for titles and notes
_FAMILY = ["DejaVu Sans"]


@dataclass(frozen=True, slots=True)
class Bar:
    """`value` None draws no bar, and `note` says why. An end of the interval may be infinite: it runs out of the panel.
    `strong` ones have the accent.
    """

    label: str
    value: float | None
    low: float = math.nan
    high: float = math.nan
    note: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """One measure: `written` says a value in words, `line` draws a line at a value to compare with."""

    title: str
    bars: tuple[Bar, ...]
    written: Callable[[float], str]
    remark: str = ""
    line: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Chart:
    """All panels have the same bars in the same order; `notes` stand below, a line each."""

    title: str
    subtitle: str
    panels: tuple[Panel, ...]
    notes: tuple[str, ...] = ()


def png(chart: Chart, colours: Colours) -> bytes:
    """The picture; ValueError for a chart without a panel."""
    if not chart.panels:
        raise ValueError("a chart has a panel")
    figure = _figure(chart, colours)
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=_DPI, facecolor=colours.background, metadata={"Software": None})
    return out.getvalue()


def _figure(chart: Chart, colours: Colours) -> Figure:
    # Heavy to import, and needed by whoever draws only; the figure object alone touches no global state.
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    bars = max(len(panel.bars) for panel in chart.panels)
    notes = len(chart.notes) * 0.2
    height = bars * _HEIGHT + _AROUND + notes
    figure = Figure(figsize=(_WIDTH * len(chart.panels) + 0.9, height))
    FigureCanvasAgg(figure)
    left = 1.25 / (_WIDTH * len(chart.panels) + 0.9)
    figure.subplots_adjust(left=left, right=0.985, top=1 - 1.28 / height, bottom=(0.62 + notes) / height, wspace=0.16)
    for place, panel in enumerate(chart.panels):
        axes = figure.add_subplot(1, len(chart.panels), place + 1)
        _draw(axes, panel, colours, labelled=place == 0)
    _say(figure, chart, colours, height)
    return figure


def _say(figure: Figure, chart: Chart, colours: Colours, height: float) -> None:
    soft = mixed(colours.text, colours.background, 0.3)
    known: dict[str, Any] = {"ha": "left", "family": _FAMILY}
    figure.text(0.012, 1 - 0.34 / height, chart.title, fontsize=14, weight="bold", color=colours.text, **known)
    figure.text(0.012, 1 - 0.64 / height, chart.subtitle, fontsize=9.5, color=soft, **known)
    for number, note in enumerate(reversed(chart.notes)):
        figure.text(0.012, (0.13 + number * 0.2) / height, note, fontsize=8.5, color=soft, **known)


def _draw(axes: Axes, panel: Panel, colours: Colours, *, labelled: bool) -> None:
    soft, pale = (mixed(colours.text, colours.background, share) for share in (0.3, 0.85))
    end = _end(panel)
    for row, bar in enumerate(panel.bars):
        _bar(axes, bar, row, panel, end, colours)
    if panel.line is not None:
        axes.axvline(panel.line, color=soft, linewidth=1, linestyle=(0, (4, 3)), zorder=1)
    axes.set_xlim(0, end)
    axes.set_ylim(len(panel.bars) - 0.4, -0.6)
    axes.set_yticks(range(len(panel.bars)), [bar.label for bar in panel.bars] if labelled else [])
    axes.tick_params(axis="y", length=0, labelsize=10, labelcolor=colours.text)
    axes.tick_params(axis="x", length=0, labelsize=8, labelcolor=soft)
    axes.locator_params(axis="x", nbins=4)
    axes.xaxis.set_major_formatter(lambda value, _: panel.written(value))
    axes.grid(axis="x", color=pale, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.set_facecolor(colours.background)
    for side in ("top", "right", "bottom", "left"):
        axes.spines[side].set_visible(False)
    axes.set_title(panel.title, loc="left", fontsize=11, weight="bold", color=colours.text, family=_FAMILY, pad=22)
    axes.text(0, 1.03, panel.remark, transform=axes.transAxes, fontsize=8.5, color=soft, family=_FAMILY, va="bottom")


def _bar(axes: Axes, bar: Bar, row: int, panel: Panel, end: float, colours: Colours) -> None:
    soft = mixed(colours.text, colours.background, 0.3)
    ground = {"facecolor": colours.background, "edgecolor": "none", "pad": 1.0}
    known: dict[str, Any] = {"fontsize": 8.5, "va": "center", "family": _FAMILY, "bbox": ground, "zorder": 4}
    if bar.value is None:
        axes.text(end * 0.015, row, bar.note, color=soft, style="italic", **known)
        return
    fill = colours.accent if bar.strong else mixed(colours.accent, colours.background, 0.55)
    axes.barh(row, min(bar.value, end), height=0.46, color=fill, zorder=2)
    low, high = (bar.value if math.isnan(at) else at for at in (bar.low, bar.high))
    axes.hlines(row, max(low, 0), min(high, end), color=colours.text, linewidth=1.4, zorder=3)
    for at in (low, high):
        if 0 <= at <= end:
            axes.vlines(at, row - 0.09, row + 0.09, color=colours.text, linewidth=1.4, zorder=3)
    said = f"{panel.written(bar.value)}{f'  {bar.note}' if bar.note else ''}"
    axes.text(end * 0.015, row - 0.36, said, color=colours.text, **known)


def _end(panel: Panel) -> float:
    """Room for all intervals, but never for one that dwarfs every value."""
    if panel.most is not None:
        return panel.most
    values = [bar.value for bar in panel.bars if bar.value is not None and math.isfinite(bar.value)]
    ends = [bar.high for bar in panel.bars if bar.value is not None and math.isfinite(bar.high)]
    top = max(values, default=1.0)
    return _nice(min(max([*ends, top]), top * 2.2))


def _nice(value: float) -> float:
    return value * 1.06 if value > 0 else 1.0
