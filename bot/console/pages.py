"""The templates of the console, and the files beside them that a browser keeps."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"


class Pages:
    """Makes pages; everything put into one is escaped, and a name it does not know is a fault.

    `paths` are the addresses there is a page at, so that none is offered that is not there.
    """

    def __init__(self, paths: frozenset[str]) -> None:
        self.paths = paths
        self._templates = jinja2.Environment(
            loader=jinja2.FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._templates.globals["static"] = _static_addresses()

    def make(self, template: str, values: Mapping[str, Any]) -> str:
        """Return the page a template makes of the values."""
        return self._templates.get_template(template).render(values)


def _static_addresses() -> dict[str, str]:
    """Return the address of each static file by its name, its content's mark in it."""
    return {
        file.name: f"/static/{file.name}?{hashlib.sha256(file.read_bytes()).hexdigest()[:12]}"
        for file in STATIC.iterdir()
        if file.is_file()
    }
