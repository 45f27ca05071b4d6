"""`ui` in every template: each macro of `templates/design/components/` by its name, without imports."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).resolve().parent / "templates" / "design" / "components"
_MACRO = re.compile(r"\{%-? macro ([a-z]\w*)\(")


class Components:
    """Finds a macro by name; a file changed on disk is read again where the environment reloads templates."""

    def __init__(self, environment: Environment) -> None:
        self._environment = environment

    @cached_property
    def homes(self) -> dict[str, str]:
        """Macro → template it stands in."""
        return {
            name: f"design/components/{file.name}"
            for file in sorted(FOLDER.glob("*.html"))
            for name in _MACRO.findall(file.read_text(encoding="utf-8"))
        }

    def __getattr__(self, name: str) -> Any:
        """The macro of that name."""
        if name not in self.homes:
            raise AttributeError(f"no component is called {name!r}")  # Jinja names the template and line
        return getattr(self._environment.get_template(self.homes[name]).module, name)
