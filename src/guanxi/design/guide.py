"""What the guide shows: believable values for every component. Only served while developing."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

CITIES = ["上海", "北京", "深圳", "杭州", "成都", "Singapore", "Berlin", "São Paulo", "Nairobi", "Toronto"]
KINDS = [("person", _("Person")), ("company", _("Company"))]
CHANNELS = [("wecom", "WeCom"), ("wechat", "WeChat"), ("email", "E-mail"), ("whatsapp", "WhatsApp")]


class ExampleForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=_("Name"), help_text=_("As the customer writes it."))
    email = forms.EmailField(label=_("E-mail"))
    stage = forms.ChoiceField(label=_("Stage"), choices=[("lead", _("Lead")), ("customer", _("Customer"))])
    city = forms.ChoiceField(label=_("City"), choices=[(city, city) for city in CITIES])
    channels = forms.MultipleChoiceField(label=_("Channels"), choices=CHANNELS)
    birthday = forms.DateField(label=_("Birthday"), required=False, widget=forms.DateInput)
    note = forms.CharField(label=_("Note"), required=False, widget=forms.Textarea)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("person", _("Person")), ("company", _("Company"))],
        widget=forms.RadioSelect,
    )
    agreed = forms.BooleanField(label=_("Has agreed to be contacted"), required=False)
    file = forms.FileField(label=_("File"), required=False, help_text=_("CSV, XLSX or vCard, up to 100 MB."))


def context() -> dict[str, Any]:
    """Everything the guide's template asks for."""
    now = timezone.now()
    refused = ExampleForm({"refused-name": "Ada", "refused-email": "ada@", "refused-kind": "person"}, prefix="refused")
    return {
        "form": ExampleForm(
            initial={"name": "张三丰", "channels": ["wecom", "email"], "city": "上海", "kind": "person"}
        ),
        "refused": refused,
        "new": ExampleForm(prefix="new"),
        "customers": [row | {"seen_at": now - dt.timedelta(days=row["days"], hours=2)} for row in _CUSTOMERS],
        "running": SimpleNamespace(
            id=1,
            title=_("Importing customers.csv"),
            done=128_400,
            total=541_909,
            state="running",
            eta=now + dt.timedelta(seconds=95),
        ),
        "finished": SimpleNamespace(
            id=2, title=_("Export of 4,120 customers"), done=4120, total=4120, state="finished", eta=None
        ),
        "now": now,
        "today": now.date(),
        "yesterday": now - dt.timedelta(days=1, hours=3),
        "navigation": _NAVIGATION,
    }


VIP = ("VIP", "red")
_CUSTOMERS: list[dict[str, Any]] = [
    {
        "id": 1,
        "name": "张三丰",
        "company": "武当集团",
        "stage": (_("Customer"), "green"),
        "tags": [VIP, ("上海", "blue")],
        "phone": "138 1234 0042",
        "total": 12840,
        "days": 1,
    },
    {
        "id": 2,
        "name": "Ada Lovelace",
        "company": "Analytical Engines Ltd",
        "stage": (_("Lead"), "blue"),
        "tags": [(_("Newsletter"), "purple")],
        "phone": "+44 20 7946 0958",
        "total": 0,
        "days": 3,
    },
    {
        "id": 3,
        "name": "李清照",
        "company": "",
        "stage": (_("Customer"), "green"),
        "tags": [(_("Members"), "orange"), ("山东", "cyan")],
        "phone": "139 0001 8899",
        "total": 862.1,
        "days": 26,
    },
    {
        "id": 4,
        "name": "欧阳修",
        "company": "醉翁亭文化传媒",
        "stage": (_("Lost"), "grey"),
        "tags": [],
        "phone": "",
        "total": 15,
        "days": 410,
    },
    {
        "id": 5,
        "name": "Grace <b>Hopper</b>",
        "company": "Compilers & Co",
        "stage": (_("Customer"), "green"),
        "tags": [VIP],
        "phone": "+1 202 555 0143",
        "total": 429,
        "days": 9,
    },
]


_NAVIGATION: list[dict[str, Any]] = [
    {"label": _("Home"), "icon": "home", "url": "#home", "active": False, "children": [], "hotkey": "g h"},
    {
        "label": _("Customers"),
        "icon": "users",
        "url": "#customers",
        "active": True,
        "children": [
            {"label": _("All customers"), "url": "#all", "active": True},
            {"label": _("Duplicates"), "url": "#duplicates", "active": False},
            {"label": _("Imports"), "url": "#imports", "active": False},
        ],
        "hotkey": "g c",
    },
    {"label": _("Inbox"), "icon": "inbox", "url": "#inbox", "active": False, "children": [], "count": 12},
    {"label": _("Insight"), "icon": "chart-dots-3", "url": "#insight", "active": False, "children": []},
    {"label": _("Settings"), "icon": "settings", "url": "#settings", "active": False, "children": []},
]
