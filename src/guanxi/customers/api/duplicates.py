"""Records that may be one customer: the queue, what is decided about a pair, merges and their undoing."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Status

from guanxi.core import clock
from guanxi.customers.api import list_shapes as shapes
from guanxi.customers.api.common import After, Limit, cursor, newest_first, see_customer, see_customers
from guanxi.customers.duplicates import review
from guanxi.customers.merging.merge import merge_customers
from guanxi.customers.merging.undo import undo_merge
from guanxi.customers.models import Customer, DuplicatePair, Merge
from guanxi.kit.cursor import encode_cursor
from guanxi.staff.api_auth import Caller, require

router = Router(tags=["duplicates"])


@router.get("/duplicates", response=shapes.PairPageOut, summary="Pairs to review, the likeliest first")
def list_pairs(request: HttpRequest, after: After = "", limit: Limit = 50) -> dict[str, Any]:
    """Open pairs both of whose records lie within the caller's scope."""
    who = require(request, "customers", "see")
    pairs = review.queue(who.member).select_related("customer", "other")
    if after:
        (place,) = cursor(after, str)
        pairs = review.after(pairs, str(place))
    found = list(pairs[: limit + 1])
    more = len(found) > limit
    return {
        "items": [_write_pair(pair) for pair in found[:limit]],
        "next": encode_cursor([review.cursor_of(found[limit - 1])]) if more else "",
    }


@router.patch("/duplicates/{int:pair_id}", response=shapes.PairOut, summary="Decide about a pair")
def decide(request: HttpRequest, pair_id: int, decision: shapes.PairDecision) -> dict[str, Any]:
    """A pair kept apart is never proposed again."""
    who = require(request, "customers", "edit")
    pair = _pair(who, pair_id)
    if decision.state == "open":
        review.reopen(pair)
    else:
        review.keep_apart(pair, member=who.member, at=clock.now())
    return _write_pair(_pair(who, pair_id))


@router.get("/merges", response=shapes.MergePageOut, summary="Merges, newest first")
def list_merges(
    request: HttpRequest, customer_id: int | None = None, after: After = "", limit: Limit = 50
) -> dict[str, Any]:
    """Into customers within the caller's scope."""
    who = require(request, "customers", "see")
    merges = Merge.objects.filter(survivor__in=Customer.objects.visible_to(who.member)).defer("before", "journal")
    if customer_id is not None:
        merges = merges.filter(survivor_id=customer_id)
    found, more = newest_first(merges, after=after, limit=limit)
    return {"items": [_write_merge(merge) for merge in found], "next": more}


@router.post("/merges", response={201: shapes.MergeOut}, summary="Merge customers")
def merge(request: HttpRequest, wanted: shapes.MergeIn) -> Status[dict[str, Any]]:
    """Everything that points at the absorbed records follows; `DELETE /merges/{id}` restores them exactly."""
    who, survivor = see_customer(request, wanted.survivor_id, "edit")
    _who, ids = see_customers(request, wanted.absorbed_ids)
    absorbed = list(Customer.objects.filter(pk__in=ids).order_by("pk"))
    made = merge_customers(survivor, absorbed, choices=wanted.choices, by=who.actor, at=clock.now())
    return Status(201, _write_merge(made))


@router.delete("/merges/{int:merge_id}", response=shapes.MergeOut, summary="Undo a merge")
def undo(request: HttpRequest, merge_id: int) -> dict[str, Any]:
    """The records stand apart again, each as it was; what people did since stays with the survivor."""
    who = require(request, "customers", "edit")
    found = get_object_or_404(Merge.objects.filter(survivor__in=Customer.objects.visible_to(who.member)), pk=merge_id)
    return _write_merge(undo_merge(found, by=who.actor, at=clock.now()))


def _pair(who: Caller, pair_id: int) -> DuplicatePair:
    seen = Customer.objects.visible_to(who.member).values("pk")
    pairs = DuplicatePair.objects.select_related("customer", "other")
    found = pairs.filter(Q(customer__in=seen, other__in=seen), pk=pair_id).first()
    if found is None:
        raise Http404
    return found


def _write_pair(pair: DuplicatePair) -> dict[str, Any]:
    names = ("id", "customer_id", "other_id", "score", "reasons", "state", "found_at", "decided_at")
    told = {name: getattr(pair, name) for name in names}
    return told | {"customer_name": str(pair.customer), "other_name": str(pair.other)}


def _write_merge(merge: Merge) -> dict[str, Any]:
    names = ("id", "survivor_id", "member_id", "merged_at", "undone_at")
    return {**{name: getattr(merge, name) for name in names}, "absorbed_ids": merge.absorbed}
