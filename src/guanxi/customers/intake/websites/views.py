"""Pages of the web sites, and the snippet that they load."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.core import clock
from guanxi.core.errors import Refused
from guanxi.customers.intake.signing import secret_of
from guanxi.customers.intake.websites.examples import EXAMPLES
from guanxi.customers.intake.websites.forms import WebsiteForm
from guanxi.customers.intake.websites.verbs import add_website, archive_website, change_website, return_website
from guanxi.customers.models import Website
from guanxi.design.pages import page, toast
from guanxi.staff.access import member, requires
from guanxi.staff.mail import base_url

_SCRIPT = Path(__file__).resolve().parent.parent.parent / "static/customers/track.js"
_KEPT = "public, max-age=86400, stale-while-revalidate=604800"


@requires("settings", "see")
@require_http_methods(["GET", "POST"])
def websites(request: HttpRequest) -> HttpResponse:
    """Every site; posting adds one and opens its page."""
    may_change = member(request).can("settings", "administer")
    form = WebsiteForm(request.POST or None)
    if request.method == "POST" and may_change and form.is_valid():
        try:
            website = add_website(**form.cleaned_data, by=member(request).actor)
        except Refused as refused:
            form.add_error(refused.field or None, str(refused))
        else:
            toast(request, _("%(name)s was added. Now paste the snippet into its pages.") % {"name": website})
            return redirect("website", website.pk)
    status = 422 if form.errors else 403 if request.method == "POST" and not may_change else 200
    shown = list(Website.objects.order_by(F("archived_at").desc(nulls_first=True), "name", "id")[:200])
    values = {"websites": shown, "form": form, "may_change": may_change}
    return page(request, "customers/websites/list.html", values, status=status)


@requires("settings", "see")
@require_http_methods(["GET", "POST"])
def website(request: HttpRequest, website_id: int) -> HttpResponse:
    """One site: the snippet, whether it is heard from, its settings, and how to sign who a visitor is."""
    found = get_object_or_404(Website, pk=website_id)
    may_change = member(request).can("settings", "administer")
    form = WebsiteForm(request.POST) if request.method == "POST" else WebsiteForm(initial=_initial(found))
    if request.method == "POST" and may_change and form.is_valid():
        try:
            change_website(found, **form.cleaned_data, by=member(request).actor)
        except Refused as refused:
            found.refresh_from_db()
            form.add_error(refused.field or None, str(refused))
        else:
            toast(request, _("%(name)s was changed. It counts within five seconds.") % {"name": found})
            return redirect("website", found.pk)
    status = 422 if form.errors else 403 if request.method == "POST" and not may_change else 200
    values: dict[str, Any] = {
        "website": found,
        "form": form,
        "may_change": may_change,
        "snippet": snippet(request, found),
        "secret": secret_of(found.key) if may_change else "",
        "examples": EXAMPLES,
    }
    return page(request, "customers/websites/website.html", values, status=status)


@requires("settings", "administer")
@require_POST
def website_archival(request: HttpRequest, website_id: int) -> HttpResponse:
    found = get_object_or_404(Website, pk=website_id)
    if archive_website(found, by=member(request).actor, at=clock.now()):
        undo = reverse("website_return", args=[found.pk])
        toast(request, _("%(name)s is no longer listened to.") % {"name": found}, undo_url=undo)
    return redirect("websites")


@requires("settings", "administer")
@require_POST
def website_return(request: HttpRequest, website_id: int) -> HttpResponse:
    found = get_object_or_404(Website, pk=website_id)
    if return_website(found, by=member(request).actor):
        toast(request, _("%(name)s is listened to again.") % {"name": found})
    return redirect("website", found.pk)


@require_safe
def script(request: HttpRequest) -> HttpResponse:
    """The snippet's script, for pages of any origin: kept for a day, then asked for again while the old one serves."""
    body, etag = _script()
    response: HttpResponse
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        response = HttpResponse(body, content_type="text/javascript; charset=utf-8")
    response["ETag"] = etag
    response["Cache-Control"] = _KEPT
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def snippet(request: HttpRequest, website: Website) -> str:
    """The two lines to paste into every page, before the end of its head."""
    consent = " data-consent" if website.needs_consent else ""
    return (
        "<script>window.guanxi=window.guanxi||function(){(guanxi.q=guanxi.q||[]).push(arguments)}</script>\n"
        f'<script async src="{base_url(request)}/track.js" data-site="{website.key}"{consent}></script>'
    )


def _initial(website: Website) -> dict[str, Any]:
    return {
        "name": website.name,
        "origins": "\n".join(website.origins),
        "needs_consent": website.needs_consent,
        "trusts_pages": website.trusts_pages,
    }


@cache
def _script() -> tuple[bytes, str]:
    body = _SCRIPT.read_bytes()
    return body, f'"{hashlib.sha256(body).hexdigest()[:16]}"'
