"""What a role may allow: modules, each with the verbs that make sense in it. Domains register their own."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

VERBS: dict[str, str | Promise] = {
    "see": _("See"),
    "edit": _("Edit"),
    "export": _("Export"),
    "delete": _("Delete"),
    "administer": _("Administer"),
}


@dataclass(frozen=True, slots=True)
class Module:
    """A part of the product that a role may open; `verbs` are the ones that mean something there."""

    slug: str
    label: str | Promise
    verbs: tuple[str, ...] = tuple(VERBS)


_modules: dict[str, Module] = {}


def register_module(slug: str, label: str | Promise, verbs: tuple[str, ...] = tuple(VERBS)) -> None:
    """Called from a domain's AppConfig.ready()."""
    _modules[slug] = Module(slug, label, verbs)


def modules() -> list[Module]:
    """Every registered module, in the order of registration."""
    return list(_modules.values())


def is_permission(module: str, verb: str) -> bool:
    return module in _modules and verb in _modules[module].verbs
