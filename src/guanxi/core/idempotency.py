"""Idempotency-Key on POST: a request that is sent twice is carried out once and answered twice alike.

After draft-ietf-httpapi-idempotency-key-header-07. A program that did not hear the answer sends the same request with
the same key again:

- the first was carried out: its answer comes again, marked `Idempotency-Replayed: true`;
- the first is still being carried out: 409, ask again in a moment;
- the key came with another request before: 422.

The answer is kept in the transaction of the change, so neither is there without the other. Only answers below 400
are kept: a refusal changed nothing, and the same request may be allowed later. Kept for a day.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from guanxi.core import clock
from guanxi.core.models import KeptAnswer
from guanxi.core.problems import problem

KEPT = timedelta(hours=24)
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_HEADERS = ("Content-Type", "Location", "ETag")

Run = Callable[..., HttpResponseBase]


def answer_once(whose: Callable[[HttpRequest], str]) -> Callable[[Run], Run]:
    """Decorator of an API's operations. `whose` names who asks, such as "api_key:7", or nobody ("")."""

    def decorate(run: Run) -> Run:
        @wraps(run)
        def once(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            given = request.headers.get("Idempotency-Key")
            if request.method != "POST" or given is None:
                return run(request, *args, **kwargs)
            key = given.strip().strip('"')  # the draft writes it as a quoted string, most programs without
            if not _KEY.fullmatch(key):
                return problem(
                    400,
                    "idempotency_key_unusable",
                    _("An Idempotency-Key is 1 to 255 visible ASCII characters, such as a UUID."),
                )
            owner = whose(request)
            if not owner:
                return run(request, *args, **kwargs)  # refused there
            try:
                fingerprint = _fingerprint(request)
            except (RequestDataTooBig, BadRequest):
                return run(request, *args, **kwargs)  # refused there
            return _answer(owner, key, fingerprint, lambda: run(request, *args, **kwargs))

        return once

    return decorate


def sweep(*, at: datetime) -> int:
    """Forget the answers older than a day; returns how many."""
    return KeptAnswer.objects.filter(kept_at__lt=at - KEPT).delete()[0]


def _answer(owner: str, key: str, fingerprint: str, run: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    with transaction.atomic():
        if not _claim(owner, key):
            return problem(
                409,
                "idempotency_key_in_use",
                _("A request with this Idempotency-Key is being carried out. Ask again in a moment."),
            )
        kept = KeptAnswer.objects.filter(owner=owner, key=key, kept_at__gte=clock.now() - KEPT).first()
        if kept is not None:
            return _replay(kept, fingerprint)
        response = run()
        if response.status_code >= 400:
            transaction.set_rollback(True)
        elif isinstance(response, HttpResponse):  # an answer that streams changes nothing
            _keep(response, owner, key, fingerprint)
        return response


def _claim(owner: str, key: str) -> bool:
    """Hold the key until the transaction ends; False while another request holds it."""
    digest = hashlib.blake2b(f"{owner}\0{key}".encode(), digest_size=8).digest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int.from_bytes(digest, signed=True)])
        return bool(cursor.fetchone()[0])


def _replay(kept: KeptAnswer, fingerprint: str) -> HttpResponse:
    if kept.fingerprint != fingerprint:
        return problem(
            422,
            "idempotency_key_reused",
            _("This Idempotency-Key came with another request before. Use a new key for a new request."),
        )
    response = HttpResponse(bytes(kept.body), status=kept.status)
    del response["Content-Type"]
    for name, value in kept.headers.items():
        response[name] = value
    response["Idempotency-Replayed"] = "true"
    return response


def _keep(response: HttpResponse, owner: str, key: str, fingerprint: str) -> None:
    KeptAnswer.objects.update_or_create(
        owner=owner,
        key=key,
        defaults={
            "fingerprint": fingerprint,
            "status": response.status_code,
            "headers": {name: response[name] for name in _HEADERS if name in response},
            "body": response.content,
            "kept_at": clock.now(),
        },
    )


def _fingerprint(request: HttpRequest) -> str:
    """A digest of address and body. The parts of a form with files, since its boundary differs each time."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    if request.content_type != "multipart/form-data":
        digest.update(request.body)
        return digest.hexdigest()
    for name, values in sorted(request.POST.lists()):
        digest.update(f"{name}={values}\n".encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(f"{name}: {file.name} {file.size}\n".encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.hexdigest()
