"""The tour: every picture is there, small enough for a slow line, and has its place in the text."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[1] / "docs"
SHOWN = re.findall(r"!\[[^\]]+\]\((tour/[\w-]+\.png)\)", (DOCS / "tour.md").read_text("utf-8"))
DRAWN = re.search(
    r"for scene in \(\n(.*?)\n    \)", (DOCS / "tour" / "draw.py").read_text("utf-8"), re.DOTALL
)


@pytest.mark.parametrize("picture", SHOWN)
def test_picture(picture: str) -> None:
    content = (DOCS / picture).read_bytes()
    assert content.startswith(b"\x89PNG")
    assert len(content) < 120 * 1024


def test_every_scene_is_told() -> None:
    assert DRAWN is not None
    named = {name.replace("_", "-") for name in re.findall(r"\w+", DRAWN[1])}
    assert {Path(picture).stem for picture in SHOWN} == named
