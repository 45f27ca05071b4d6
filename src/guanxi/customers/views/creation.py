"""Making a customer by hand, with a warning while one types that they may be known already."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.customers.actions.creating import IdentityTaken, create_customer
from guanxi.customers.actions.identities import IdentityRef, normalise
from guanxi.customers.models import Customer, Source, Stage, Tag
from guanxi.customers.panels.controls import creation_fields
from guanxi.customers.panels.labels import OWN
from guanxi.customers.views.similar import likely_same
from guanxi.design.pages import page, toast
from guanxi.staff.access import member, requires
from guanxi.staff.models import Member

TEMPLATE = "customers/profile/new.html"


class NewCustomer(forms.Form):
    """What is asked of a new customer; nothing but a name, a phone or an e-mail is needed."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), choices=Customer.Kind.choices, initial="person", widget=forms.RadioSelect
    )
    name = forms.CharField(label=pgettext_lazy("customer", "Name"), max_length=200, required=False)
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    email = forms.CharField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off"}),
    )
    company_name = forms.CharField(label=gettext_lazy("Company"), max_length=200, required=False)
    title = forms.CharField(label=gettext_lazy("Job title"), max_length=120, required=False)
    city = forms.CharField(label=gettext_lazy("City"), max_length=80, required=False)
    stage = forms.ModelChoiceField(Stage.objects.all(), label=gettext_lazy("Stage"), required=False)
    source = forms.ModelChoiceField(Source.objects.all(), label=gettext_lazy("Source"), required=False)
    tags = forms.ModelMultipleChoiceField(
        Tag.objects.filter(archived_at=None), label=gettext_lazy("Tags"), required=False
    )
    is_mine = forms.BooleanField(label=gettext_lazy("I look after this customer"), required=False, initial=True)

    def __init__(self, *args: Any, asking: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        default = Stage.objects.filter(is_default=True).first()
        self.fields["stage"].initial = default
        for name, field in creation_fields().items():
            self.fields[name] = field
        if asking.visible_member_ids() is not None:
            del self.fields["is_mine"]  # their own scope would hide what they make for nobody
        self.refs: list[IdentityRef] = []

    def clean_phone(self) -> str:
        return self._named("phone")

    def clean_email(self) -> str:
        return self._named("email")

    def _named(self, kind: str) -> str:
        """Cleaned, with the refusal's own sentence at the field."""
        typed = str(self.cleaned_data.get(kind) or "").strip()
        if not typed:
            return ""
        try:
            ref = normalise(kind, typed)
        except Refused as refused:
            raise forms.ValidationError(str(refused), code=refused.code) from None
        self.refs.append(ref)
        return ref.value

    @property
    def own_fields(self) -> list[Any]:
        """The bound fields that the company made itself."""
        return [self[name] for name in self.fields if name.startswith(OWN)]


@requires("customers", "edit")
@require_http_methods(["GET", "POST"])
def customer_new(request: HttpRequest) -> HttpResponse:
    """The form; posting makes the customer and opens their page."""
    asking = member(request)
    if request.method == "GET":
        typed = {
            name: request.GET[name][:200] for name in ("name", "phone", "email", "company_name") if name in request.GET
        }
        return _form(request, NewCustomer(asking=asking, initial={"kind": "person", "is_mine": True} | typed))
    form = NewCustomer(request.POST, asking=asking)
    if form.is_valid():
        try:
            made = _create(form, asking)
        except Refused as refused:
            taken = refused.customer_id if isinstance(refused, IdentityTaken) else None
            form.add_error(refused.field if refused.field in form.fields else None, str(refused))
            return _form(request, form, taken=taken)
        toast(request, _("%(name)s was added.") % {"name": made})
        return redirect("customer", made.pk)
    return _form(request, form)


@requires("customers", "edit")
@require_POST
def duplicate_check(request: HttpRequest) -> HttpResponse:
    """Who may be meant, while one types: answers the block of the form's page."""
    values = {name: request.POST.get(name, "")[:254] for name in ("name", "phone", "email", "company_name")}
    return page(request, TEMPLATE, {"similar": likely_same(values, member(request)), "form": None})


def _create(form: NewCustomer, asking: Member) -> Customer:
    typed = form.cleaned_data
    values = {name: typed[name] for name in ("kind", "name", "company_name", "title", "city")}
    values |= {name: value for name, value in typed.items() if name.startswith(OWN)}
    is_mine = typed.get("is_mine", True)
    return create_customer(
        by=asking.actor,
        at=clock.now(),
        values=values,
        identities=form.refs,
        tags=list(typed["tags"]),
        owner=asking if is_mine else None,
        stage=typed["stage"],
        source=typed["source"],
    )


def _form(request: HttpRequest, form: NewCustomer, *, taken: int | None = None) -> HttpResponse:
    asking = member(request)
    similar = (
        likely_same({name: form[name].value() or "" for name in ("name", "phone", "email", "company_name")}, asking)
        if form.is_bound
        else []
    )
    owner = Customer.objects.visible_to(asking).filter(pk=taken).first() if taken else None
    status = 422 if form.is_bound and form.errors else 200
    return page(request, TEMPLATE, {"form": form, "similar": similar, "taken": owner}, status=status)
