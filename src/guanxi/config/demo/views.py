"""The link that `guanxi demo` prints: opens the demo as its administrator."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import login
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from guanxi.config.demo import LINK_SALT
from guanxi.config.demo.staffing import ADMINISTRATOR
from guanxi.staff.models import Member

LINK_LIVES = timedelta(days=7)


@require_GET
def sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Sign the demo's administrator in. The token is signed with this installation's key and names that member only."""
    try:
        member_id = signing.loads(token, salt=LINK_SALT, max_age=LINK_LIVES)
    except signing.BadSignature:
        raise Http404 from None
    member = Member.objects.active().filter(pk=member_id, email=ADMINISTRATOR).first()
    if member is None:
        raise Http404
    login(request, member, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("home")
