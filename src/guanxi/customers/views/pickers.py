"""Answers to fields in which a customer or a colleague is chosen by typing."""

from __future__ import annotations

from django.db.models import Q
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from guanxi.customers.actions.finding import find
from guanxi.kit.names import search_terms
from guanxi.kit.text import fold
from guanxi.staff.access import member, requires
from guanxi.staff.models import Member

_MOST = 10
_MOST_COLLEAGUES = 2_000


@requires("customers")
@require_safe
def customers(request: HttpRequest) -> JsonResponse:
    """Customers within scope that answer `q`, as [{"value", "text"}]."""
    hits = find(request.GET.get("q", ""), member(request), limit=_MOST)
    return JsonResponse([{"value": str(hit.id), "text": hit.label} for hit in hits], safe=False)


@requires("customers")
@require_safe
def colleagues(request: HttpRequest) -> JsonResponse:
    """Colleagues whose name, its pinyin or e-mail begins with `q`, as [{"value", "text", "name"}]."""
    typed = fold(request.GET.get("q", ""))[:40]
    everybody = Member.objects.active().exclude(name="").order_by("name", "id")
    direct = everybody.filter(Q(name__icontains=typed) | Q(email__istartswith=typed)) if typed else everybody
    found = list(direct[:_MOST])
    if typed.isascii() and typed and len(found) < _MOST:
        known = {each.pk for each in found}
        by_pinyin = (
            each
            for each in everybody[:_MOST_COLLEAGUES]
            if each.pk not in known and any(term.startswith(typed) for term in search_terms(each.name))
        )
        found += [each for each, _place in zip(by_pinyin, range(_MOST - len(found)), strict=False)]
    return JsonResponse(
        [{"value": str(each.pk), "text": each.name, "detail": each.email} for each in found], safe=False
    )
