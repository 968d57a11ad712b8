"""Charts made on the server: plain SVG in the colours of the page, with words for who cannot see it.

A row of bars is a table already; only what goes on over time is drawn.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH, HEIGHT = 640, 220
LEFT, RIGHT, TOP, BOTTOM = 60, 10, 12, 30
MOST_LABELS = 7


@dataclass(frozen=True)
class Point:
    """One moment of a chart: `value` None is not shown, and leaves a gap; `said` is what it is in words."""

    label: str
    value: float | None
    said: str


def line(
    points: Sequence[Point], *, id: str, title: str, told: str, top: float, ticks: Sequence[str]
) -> Markup:
    """Return a curve from 0 to `top`; `ticks` label the axis from the bottom up."""
    places = [
        (_x(n, len(points)), None if p.value is None else _y(p.value, top)) for n, p in enumerate(points)
    ]
    curves = Markup("").join(
        Markup('<path class="under" d="{}V{}H{}Z"/><path class="curve" d="{}"/>').format(
            path, HEIGHT - BOTTOM, start, path
        )
        for path, start in _curves(places)
    )
    marks = Markup("").join(
        Markup('<circle class="point" cx="{}" cy="{}" r="4"><title>{}</title></circle>').format(
            round(x, 1), round(y, 1), point.said
        )
        for (x, y), point in zip(places, points, strict=True)
        if y is not None
    )
    return _drawing(curves + marks, points, id=id, title=title, told=told, ticks=ticks)


def columns(
    points: Sequence[Point], *, id: str, title: str, told: str, top: float, ticks: Sequence[str]
) -> Markup:
    """Return columns from 0 to `top`; `ticks` label the axis from the bottom up."""
    wide = max(2.0, 0.7 * (WIDTH - LEFT - RIGHT) / max(1, len(points)))
    bars = Markup("").join(
        Markup(
            '<rect class="bar" x="{}" y="{}" width="{}" height="{}" rx="2"><title>{}</title></rect>'
        ).format(
            round(_x(n, len(points)) - wide / 2, 1),
            round(_y(point.value, top), 1),
            round(wide, 1),
            round(HEIGHT - BOTTOM - _y(point.value, top), 1),
            point.said,
        )
        for n, point in enumerate(points)
        if point.value is not None
    )
    return _drawing(bars, points, id=id, title=title, told=told, ticks=ticks)


def top_of(values: Sequence[float]) -> float:
    """Return a round number no value is above."""
    most, step = max(values, default=0), 1.0
    while most > 5 * step:
        step *= 2 if str(step)[0] in "15" else 2.5
    return 5 * step


def _drawing(
    inside: Markup, points: Sequence[Point], *, id: str, title: str, told: str, ticks: Sequence[str]
) -> Markup:
    axis = Markup("").join(
        Markup('<path class="grid" d="M{} {}H{}"/><text x="{}" y="{}" text-anchor="end">{}</text>').format(
            LEFT, round(y, 1), WIDTH - RIGHT, LEFT - 6, round(y + 4, 1), tick
        )
        for tick, y in ((tick, _y(n, len(ticks) - 1)) for n, tick in enumerate(ticks))
    )
    every = -(-len(points) // MOST_LABELS)
    names = Markup("").join(
        Markup('<text x="{}" y="{}" text-anchor="middle">{}</text>').format(
            round(_x(n, len(points)), 1), HEIGHT - 8, point.label
        )
        for n, point in enumerate(points)
        if n % every == 0
    )
    return Markup(
        '<svg viewBox="0 0 {} {}" role="img" aria-labelledby="{}-title {}-told">'
        '<title id="{}-title">{}</title><desc id="{}-told">{}</desc>{}{}{}</svg>'
    ).format(WIDTH, HEIGHT, id, id, id, title, id, told, axis, inside, names)


def _curves(places: Sequence[tuple[float, float | None]]) -> list[tuple[str, float]]:
    """Return each unbroken piece as a path, with where it begins."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for x, y in places:
        if y is None:
            pieces.append([])
        else:
            pieces[-1].append((x, y))
    return [
        ("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in piece), round(piece[0][0], 1))
        for piece in pieces
        if piece
    ]


def _x(place: int, number: int) -> float:
    room = WIDTH - LEFT - RIGHT
    return LEFT + room * (place + 0.5) / max(1, number)


def _y(value: float, top: float) -> float:
    room = HEIGHT - TOP - BOTTOM
    return TOP + room * (1 - (value / top if top else 0))
