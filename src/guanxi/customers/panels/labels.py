"""What people call the fields of a customer."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from guanxi.customers.models import Customer

OWN = "field:"


def label_of(name: str, own: Callable[[], Mapping[str, str]]) -> str:
    """The label of `city`, or of `field:<id>`, one of the company's own fields, whose names `own` gives by id."""
    if name.startswith(OWN):
        return own().get(name.removeprefix(OWN)) or _("A field that is gone")
    try:
        return str(capfirst(Customer._meta.get_field(name).verbose_name))  # type: ignore[union-attr]
    except FieldDoesNotExist:
        return str(capfirst(name.replace("_", " ")))
