"""The reliability diagram as SVG: how often the first topic was right, against how sure the bot was."""

from collections.abc import Sequence

SIDE, MARGIN = 360, 48

FRAME = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {width}"
 font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/>
<path d="M{m} {m}V{e}H{e}" fill="none" stroke="#333"/>
<path d="M{m} {e}L{e} {m}" stroke="#999" stroke-dasharray="4 4"/>
{marks}
<text x="{middle}" y="{low}" text-anchor="middle">confidence said</text>
<text transform="translate(14 {middle}) rotate(-90)" text-anchor="middle">share that was right</text>
</svg>
"""


def reliability(points: Sequence[tuple[float, float, int]]) -> str:
    """Return the diagram; each point is (confidence said, share right, questions), its area their number."""
    most = max((count for _, _, count in points), default=1)
    end = MARGIN + SIDE
    marks = [_tick(n / 5) for n in range(6)]
    for said, was, count in points:
        x, y = MARGIN + SIDE * said, end - SIDE * was
        radius = 3 + 12 * (count / most) ** 0.5
        label = f"said {said:.2f}, was {was:.2f}, {count} questions"
        marks.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="#2a6f97" fill-opacity=".7">'
            f"<title>{label}</title></circle>"
        )
    return FRAME.format(
        width=SIDE + 2 * MARGIN,
        m=MARGIN,
        e=end,
        middle=MARGIN + SIDE // 2,
        low=end + 38,
        marks="\n".join(marks),
    )


def _tick(share: float) -> str:
    place = MARGIN + SIDE * share
    height = MARGIN + SIDE * (1 - share) + 4
    below = MARGIN + SIDE + 18
    return (
        f'<text x="{place:.0f}" y="{below}" text-anchor="middle">{share:.1f}</text>'
        f'<text x="{MARGIN - 8}" y="{height:.0f}" text-anchor="end">{share:.1f}</text>'
    )
