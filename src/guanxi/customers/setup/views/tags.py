"""Settings → Tags: groups and the tags in them."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.customers.models import Tag, TagGroup
from guanxi.customers.setup.forms import TagForm, TagGroupForm
from guanxi.customers.setup.ordering import next_position
from guanxi.customers.setup.recording import tell
from guanxi.customers.setup.tags import archive_tag, ask_to_merge_tags, restore_tag
from guanxi.customers.setup.usage import CAP, is_used, usage
from guanxi.design.pages import page, toast
from guanxi.staff.access import member, refuse_unless, requires


@requires("settings", "see")
@require_http_methods(["GET", "POST"])
def tags(request: HttpRequest) -> HttpResponse:
    """Every group with its tags and how much each is used; forms add to them."""
    adds_group = request.POST.get("adds") == "group"
    form = TagForm(None if adds_group else request.POST or None, prefix="tag")
    group_form = TagGroupForm(request.POST if adds_group else None, prefix="group")
    sent: Any = group_form if adds_group else form
    if request.method == "POST":
        refuse_unless(request, "settings", "edit")
        if sent.is_valid():
            with transaction.atomic():
                sent.instance.position = next_position(sent._meta.model)
                made = sent.save()
                tell(made, "added", by=member(request).actor)
            toast(request, _("“%(name)s” added.") % {"name": made})
            return redirect("tags")
    groups = list(TagGroup.objects.prefetch_related("tags"))
    context = {
        "groups": groups,
        "usage": usage("customers_tag"),
        "cap": CAP,
        "form": form,
        "group_form": group_form,
        "may_edit": member(request).can("settings", "edit"),
    }
    return page(request, "customers/setup/tags.html", context, status=422 if sent.errors else 200)


@requires("settings", "edit")
@require_http_methods(["GET", "POST"])
def tag(request: HttpRequest, pk: int) -> HttpResponse:
    """One tag: another name or group; archived, brought back, merged into another."""
    found = get_object_or_404(Tag.objects.select_related("group"), pk=pk)
    by, what = member(request).actor, request.POST.get("do", "")
    if what == "archive":
        archive_tag(found, by=by, at=clock.now())
    elif what == "restore":
        restore_tag(found, by=by)
    elif what == "merge":
        return _merge(request, found)
    if what:
        toast(request, _("Saved."))
        return redirect("tags")
    form = TagForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            tell(form.save(), "edited", by=by)
        toast(request, _("Saved."))
        return redirect("tags")
    others = Tag.objects.exclude(pk=pk).filter(archived_at=None).select_related("group")
    context = {"tag": found, "form": form, "others": others, "used": usage("customers_tag").get(pk, 0), "cap": CAP}
    return page(request, "customers/setup/tag.html", context, status=422 if form.errors else 200)


@requires("settings", "edit")
@require_http_methods(["GET", "POST"])
def tag_group(request: HttpRequest, pk: int) -> HttpResponse:
    """One group: name, colour, exclusive or not; removed when none of its tags is in use."""
    found = get_object_or_404(TagGroup, pk=pk)
    by = member(request).actor
    used = any(is_used("customers_tag", tag.pk) for tag in found.tags.all())
    if request.POST.get("do") == "remove" and not used:
        with transaction.atomic():
            tell(found, "removed", by=by)
            found.delete()
        toast(request, _("“%(name)s” removed.") % {"name": found})
        return redirect("tags")
    form = TagGroupForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            tell(form.save(), "edited", by=by)
        toast(request, _("Saved."))
        return redirect("tags")
    context = {"group": found, "form": form, "is_used": used}
    return page(request, "customers/setup/tag_group.html", context, status=422 if form.errors else 200)


def _merge(request: HttpRequest, found: Tag) -> HttpResponse:
    target = request.POST.get("into", "")
    into = Tag.objects.select_related("group").filter(pk=int(target) if target.isdigit() else 0).first()
    try:
        if into is None:
            raise Refused(_("Choose another tag to merge this one into."), field="into", code="same_tag")
        at_once = ask_to_merge_tags(found, into, by=member(request).actor, at=clock.now())
    except Refused as refused:
        toast(request, str(refused), level="danger")
        return redirect("tag", found.pk)
    said = _("“%(tag)s” is merged into “%(into)s”.") if at_once else _("“%(tag)s” is being merged into “%(into)s”.")
    toast(request, said % {"tag": found.name, "into": into.name})
    return redirect("tags")
