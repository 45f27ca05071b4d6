"""The list itself, and the form that narrows it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from guanxi.customers.listing.asked import COLUMNS_KEPT, EVERYTHING, Asked
from guanxi.customers.listing.columns import Column, load_rows
from guanxi.customers.listing.filters import Filter
from guanxi.customers.listing.finding import COUNT_CAP, Count, Page
from guanxi.customers.models import Customer
from guanxi.design.pages import page
from guanxi.staff.access import requires

PAGE_SIZE = 50


@require_GET
@requires("customers", "see")
def customers(request: HttpRequest) -> HttpResponse:
    """A page of customers, narrowed and in order as the address says."""
    asked = Asked.of(request)
    if asked.blanks:
        return redirect(reverse("customers") + asked.cleaned())
    if not request.GET and (default := _default_view(asked)):
        return redirect(f"{reverse('customers')}?view={default}")
    listing = asked.listing
    count = listing.count()
    found = listing.page(
        size=PAGE_SIZE, count=count, after=request.GET.get("after", ""), before=request.GET.get("before", "")
    )
    context = {
        "asked": asked,
        "rows": load_rows(found.ids, asked.columns, asked.member),
        "found": found,
        "count": _at_least(count, found),
        "cap": COUNT_CAP,
        "heads": [_head(asked, column) for column in asked.columns],
        "chips": _chips(asked),
        "is_empty": not found.ids and not asked.filters and not Customer.objects.visible_to(asked.member).exists(),
        "may": {verb: asked.member.can("customers", verb) for verb in ("edit", "export")},
        "may_import": asked.member.can("imports", "edit"),
    }
    return page(request, "customers/listing/list.html", context)


@require_GET
@requires("customers", "see")
def customer_filters(request: HttpRequest) -> HttpResponse:
    """The form with every filter, filled in as the list is narrowed now."""
    asked = Asked.of(request)
    values = {chosen.filter.name: chosen.value for chosen in asked.filters.chosen}
    groups = [
        (label, [_editor(asked, each, values.get(each.name)) for each in filters])
        for label, filters in asked.catalogue.groups()
    ]
    return page(request, "customers/listing/filters.html", {"asked": asked, "groups": groups})


@requires("customers", "see")
def customer_columns(request: HttpRequest) -> HttpResponse:
    """Choose the columns; they stay chosen until others are, or a view brings its own."""
    asked = Asked.of(request)
    if request.method == "POST":
        wanted = [key for key in request.POST.getlist("columns") if key in asked.all_columns]
        request.session[COLUMNS_KEPT] = wanted
        return redirect(back_to_list(request))
    shown = [column.key for column in asked.columns]
    rest = [key for key in asked.all_columns if key not in shown]
    choices = [(asked.all_columns[key], key in shown) for key in [*shown, *rest]]
    return page(request, "customers/listing/columns.html", {"asked": asked, "choices": choices})


@require_POST
@requires("customers", "see")
def customer_columns_reset(request: HttpRequest) -> HttpResponse:
    """Back to the usual columns, or those of the view."""
    request.session.pop(COLUMNS_KEPT, None)
    return redirect(back_to_list(request))


def back_to_list(request: HttpRequest) -> str:
    """The address of the list that a form was sent from."""
    query = request.POST.get("query", "")
    return reverse("customers") + (query if query.startswith("?") else "")


def _default_view(asked: Asked) -> int | None:
    return next((view.pk for view in asked.views if getattr(view, "is_default", False)), None)


def _at_least(count: Count, found: Page) -> Count:
    """A planner's guess never says fewer than the page shows."""
    return Count(max(count.number, len(found.ids)), is_estimate=True) if count.is_estimate else count


def _head(asked: Asked, column: Column) -> dict[str, Any]:
    """A column's heading: where it leads, and which way the list runs by it now."""
    listing = asked.listing
    is_now = bool(column.sort) and listing.sort.key == column.sort
    natural = f"-{column.sort}" if column.sort and asked.sorts[column.sort].falls else column.sort
    other = column.sort if listing.falling else f"-{column.sort}"
    label = str(column.label)
    return {
        "column": column,
        "label": label,
        "cell_label": "" if column.look == "name" else label,
        "css": "numeric" if column.look in ("number", "money", "figure") else "",
        "direction": ("descending" if listing.falling else "ascending") if is_now else "",
        "address": asked.address(sort=other if is_now else natural) if column.sort else "",
    }


def _chips(asked: Asked) -> list[dict[str, str]]:
    return [
        {
            "label": str(chosen.filter.label),
            "value": chosen.words(asked.asking),
            "remove": asked.address(asked.filters.without(chosen.filter.name)) or f"?view={EVERYTHING}",
        }
        for chosen in asked.filters.chosen
    ]


def _editor(asked: Asked, each: Filter, value: Any) -> dict[str, Any]:
    """What the form needs to draw one filter's inputs."""
    written = each.write(value) if value is not None else {}
    return {
        "filter": each,
        "name": each.name,
        "label": each.label,
        "kind": each.editor,
        "choices": each.choices(asked.asking),
        "given": written,
        "values": written.get(each.name, []),
        "is_chosen": value is not None,
    }


def asked_again(request: HttpRequest) -> Asked:
    """The list that a form was sent from."""
    return Asked.of(request, QueryDict(request.POST.get("query", "").removeprefix("?")))
