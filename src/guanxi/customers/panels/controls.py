"""The control in which each fact of a customer is edited, and how its value reads."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from guanxi.customers.actions.values import show_value
from guanxi.customers.models import Customer, Field
from guanxi.customers.panels.labels import OWN, label_of
from guanxi.design import formats

LANGUAGES = ("zh", "yue", "en", "ja", "ko", "fr", "de", "es", "pt", "ru", "ar", "vi", "th", "id", "ms")


def value_of(customer: Customer, name: str) -> Any:
    """The raw value that a form starts with."""
    if name.startswith(OWN):
        return customer.fields.get(name.removeprefix(OWN))
    return getattr(customer, name)


def shown(customer: Customer, name: str, own: Field | None) -> str:
    """The value in words of the current language; empty when there is none."""
    value = value_of(customer, name)
    if value in (None, ""):
        return ""
    if own is not None:
        return _own_words(own, value)
    if name in ("kind", "gender"):
        return str(getattr(customer, f"get_{name}_display")())
    if name == "birth_date":
        return formats.date(value)
    if name == "country":
        return str(formats.locale().territories.get(str(value), value))
    if name == "language":
        return str(formats.locale().languages.get(str(value).replace("-", "_"), value))
    return str(value)


def form_for(name: str, own: Field | None, typed: Any, *, error: str = "") -> forms.Form:
    """A form of one field called `value`, holding what was typed; `error` stands under it."""
    field = _own_control(own, typed) if own else _control(name, typed)
    field.label = own.name if own else label_of(name, dict)
    field.required = False
    value = str(typed).lower() if isinstance(typed, bool) else typed
    made: type[forms.Form] = type("ValueForm", (forms.Form,), {"value": field})
    auto_id = f"value-{name.replace(':', '-')}-%s"
    if not error:
        return made(initial={"value": value}, auto_id=auto_id)
    form = made({"value": value}, auto_id=auto_id)
    form.errors.clear()  # what the verb says is clearer than what the control would
    form.add_error("value", error)
    return form


def creation_fields() -> dict[str, forms.Field]:
    """The company's own fields that a new customer must have."""
    required = Field.objects.filter(archived_at=None, is_required=True)
    made = {}
    for own in required:
        field = _own_control(own, None)
        field.label, field.required, field.help_text = own.name, True, own.help_text
        made[OWN + own.key] = field
    return made


def _control(name: str, typed: Any) -> forms.Field:
    if name in ("gender", "kind"):
        choices = list((Customer.Gender if name == "gender" else Customer.Kind).choices)
        return forms.ChoiceField(choices=[*([("", "—")] if name == "gender" else []), *choices])
    if name == "birth_date":
        return forms.DateField(widget=forms.DateInput())
    if name == "country":
        return forms.ChoiceField(choices=_with(_countries(), typed))
    if name == "language":
        names = formats.locale().languages
        return forms.ChoiceField(choices=_with([(code, names.get(code, code)) for code in LANGUAGES], typed))
    if name == "description":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 5}))
    return forms.CharField(max_length=getattr(Customer._meta.get_field(name), "max_length", None))


def _own_control(own: Field, typed: Any) -> forms.Field:
    kind = Field.Kind(own.kind)
    if kind == Field.Kind.DATE:
        return forms.DateField(widget=forms.DateInput())
    if kind == Field.Kind.CHOICE:
        return forms.ChoiceField(choices=_with([(each, each) for each in own.choices], typed))
    if kind == Field.Kind.MULTI_CHOICE:
        return forms.MultipleChoiceField(choices=[(each, each) for each in own.choices])
    if kind == Field.Kind.YES_NO:
        return forms.ChoiceField(choices=[("", "—"), ("true", _("Yes")), ("false", _("No"))])
    if kind == Field.Kind.REFERENCE:
        return forms.ChoiceField(choices=_present(typed), widget=forms.Select(attrs=_customer_picker()))
    if kind == Field.Kind.NUMBER:
        return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    if kind == Field.Kind.LINK:
        return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "url", "placeholder": "https://"}))
    return forms.CharField()


def _customer_picker() -> dict[str, Any]:
    return {"data-tom-select": True, "data-tom-select-url": reverse("customer_suggestions")}


def _present(typed: Any) -> list[tuple[str, str]]:
    number = int(typed) if str(typed or "").isdigit() else 0
    found = Customer.objects.filter(pk=number).first() if number else None
    return [("", "—"), *([(str(found.pk), str(found))] if found else [])]


def _own_words(own: Field, value: Any) -> str:
    if own.kind == Field.Kind.DATE:
        try:
            return formats.date(date.fromisoformat(str(value)))
        except ValueError:
            return str(value)
    if own.kind == Field.Kind.REFERENCE:
        found = Customer.objects.filter(pk=value).first() if isinstance(value, int) else None
        return str(found) if found else _("A customer that is gone")
    return show_value(own, value)


def _with(choices: list[tuple[str, str]], typed: Any) -> list[tuple[str, str]]:
    """The choices, with nothing first, and whatever stands there now even if it is none of them."""
    known = {value for value, _label in choices}
    extra = [(str(typed), str(typed))] if isinstance(typed, str) and typed and typed not in known else []
    return [("", "—"), *extra, *choices]


def _countries() -> list[tuple[str, str]]:
    names = formats.locale().territories
    return sorted(
        ((code, name) for code, name in names.items() if len(code) == 2 and code.isalpha()), key=lambda c: c[1]
    )
