"""Prints the token of a new API key of a new administrator."""

from __future__ import annotations

import django

django.setup()

from guanxi.staff.models import ApiKey, Member, Role  # noqa: E402 - models need Django set up

role, _made = Role.objects.get_or_create(
    name="Bench administrator", defaults={"is_administrator": True, "scope": Role.Scope.ALL}
)
member = Member.objects.get_queryset().filter(role=role).first() or Member.objects.create_user(
    "bench@example.com", None, name="Bench", role=role
)
scopes = ["events:edit", "customers:see", "customers:edit", "customers:export", "customers:delete"]
_key, token = ApiKey.issue(name="bench", member=member, scopes=scopes)
print(token)
