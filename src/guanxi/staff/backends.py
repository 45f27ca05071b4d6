"""How allauth and Django find a member."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from guanxi.staff.models import Member


class MemberBackend(AuthenticationBackend):
    """allauth's backend, with the role fetched beside the member: every page asks for both."""

    def get_user(self, user_id: int) -> Member | None:
        found = Member.objects.get_queryset().select_related("role", "department").filter(pk=user_id).first()
        return found if found is not None and found.is_active else None
