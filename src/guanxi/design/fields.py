"""What the form-field component needs to know of a Django form field: its kind, and its finished control."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

SEARCHABLE_FROM = 9  # a select with more than eight choices is easier to type into than to scroll

_KINDS: list[tuple[type[forms.Widget], str]] = [
    (forms.HiddenInput, "hidden"),
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkbox"),
    (forms.SelectMultiple, "multiselect"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (forms.FileInput, "file"),
    (forms.DateTimeInput, "datetime"),
    (forms.DateInput, "date"),
    (forms.TimeInput, "time"),
]
_NATIVE = {
    "date": ("date", "%Y-%m-%d"),
    "datetime": ("datetime-local", "%Y-%m-%dT%H:%M"),
    "time": ("time", "%H:%M"),
}


def kind(field: BoundField) -> str:
    """Which renderer draws the field: text, select, multiselect, date, checkbox, textarea, file …"""
    widget = field.field.widget
    return next((name for widget_class, name in _KINDS if isinstance(widget, widget_class)), "text")


def described_by(field: BoundField) -> str:
    """The ids of the help and the error that a screen reader reads with the field."""
    parts = {"help": field.help_text, "error": field.errors}
    return " ".join(f"{field.auto_id}-{part}" for part, there in parts.items() if there)


def control(field: BoundField, **extra: Any) -> SafeString:
    """The control alone, with class, ARIA and behaviour; `hx_get="…"` becomes `hx-get="…"`."""
    named = kind(field)
    widget = field.field.widget
    attributes: dict[str, Any] = {"class": _css_class(named)}
    if field.errors:
        attributes["class"] += " is-invalid"
        attributes["aria-invalid"] = "true"
    if described := described_by(field):
        attributes["aria-describedby"] = described
    if named == "multiselect" or (named == "select" and _is_long(field)):
        attributes["data-tom-select"] = True
    if named == "textarea":
        attributes["rows"] = widget.attrs.get("rows", 3) if widget.attrs.get("rows") != "10" else 3
    if isinstance(widget, (forms.DateInput, forms.DateTimeInput, forms.TimeInput)):
        # The browser's own control, and the only format it understands.
        widget.input_type, widget.format = _NATIVE[named]
    attributes |= {name.replace("_", "-"): value for name, value in extra.items() if value is not None}
    return field.as_widget(attrs=attributes)


def _css_class(named: str) -> str:
    if named in ("select", "multiselect"):
        return "form-select"
    return "form-check-input" if named in ("checkbox", "checkboxes", "radios") else "form-control"


def _is_long(field: BoundField) -> bool:
    choices = getattr(field.field, "choices", ())
    try:
        return len(choices) >= SEARCHABLE_FROM
    except TypeError:  # choices made lazily by a callable
        return sum(1 for _ in choices) >= SEARCHABLE_FROM
