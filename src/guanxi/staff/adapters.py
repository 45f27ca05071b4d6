"""What allauth asks us: who may sign up (nobody), whom an outside sign-in lets in, how secrets and mails are kept."""

from __future__ import annotations

from typing import Any, NoReturn

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from guanxi.design.pages import page
from guanxi.staff import events
from guanxi.staff.actions.sign_in import tell_failure
from guanxi.staff.client import client_of
from guanxi.staff.mail import Mail, post
from guanxi.staff.models import Member
from guanxi.staff.sealing import seal, unseal


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by password for those who were invited."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("This e-mail and password do not match. Check both, or reset the password."),
        "too_many_login_attempts": _("Too many attempts to sign in. Wait five minutes and try again."),
        "incorrect_password": _("This is not your present password."),
        "enter_current_password": _("Enter your present password."),
        "account_inactive": _("This account is deactivated. An administrator can open it again."),
        "rate_limited": _("That was too often in a short time. Wait a little and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: members join by invitation."""
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Told by allauth after its rate limit, so a flood of attempts can't flood the log."""
        tell_failure(request, method="password", email=str(credentials.get("email", "")))

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Keep a new password and tell of it, both or neither."""
        assert isinstance(user, Member)
        chosen = "changed" if user.has_usable_password() else "set"
        how = chosen if self.request.user.is_authenticated else "reset"
        with transaction.atomic():
            super().set_password(user, password)
            events.record(events.PASSWORD_CHANGED, by=user.actor, how=how, **client_of(self.request))

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("profile")

    def format_email_subject(self, subject: str) -> str:
        return subject

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Leave the mail to a job: the page does not wait for a mail server, and a failed sending is tried again."""
        host = self.request.get_host()
        message = self.render_mail(template_prefix, email, {"email": email, "host": host, **context})
        post(Mail(to=email, subject=str(message.subject), text=str(message.body)))


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Sign-in through the company's OpenID Connect provider, for members it knows by a verified e-mail.

    The provider says who comes in, Guanxi says whether that is a member: whatever account is connected, only an
    address that the provider itself calls verified and that is an active member's e-mail opens the door.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        """Not by allauth's own rules, which can't tell whether the member still works here: see pre_social_login."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        if sociallogin.state.get("process") != AuthProcess.LOGIN:
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("profile")))
        member = _member_of(sociallogin)
        known = sociallogin.user if sociallogin.is_existing else None
        if member is None or (known is not None and known.pk != member.pk):
            self._refuse(request, sociallogin)
        if not sociallogin.is_existing:
            sociallogin.connect(request, member)

    def _refuse(self, request: HttpRequest, sociallogin: SocialLogin) -> NoReturn:
        email = next((address.email for address in sociallogin.email_addresses), "")
        tell_failure(request, method="openid_connect", email=email)
        answer = page(request, "staff/not_a_member.html", {"email": email}, status=403)
        raise ImmediateHttpResponse(answer)


def _member_of(sociallogin: SocialLogin) -> Member | None:
    """The active member whose e-mail the provider has verified."""
    verified = [address.email.lower() for address in sociallogin.email_addresses if address.verified is True]
    return Member.objects.active().filter(email__in=verified).order_by("id").first()


class MFAAdapter(DefaultMFAAdapter):
    """Second factors, their secrets sealed in the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right. Codes change every 30 seconds: enter the one shown now."),
    }

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)

    def build_totp_svg(self, url: str) -> str:
        """A QR code that keeps its white ground in the dark theme, since phones read black on white."""
        import qrcode  # type: ignore[import-untyped]
        from qrcode.image.svg import SvgPathFillImage  # type: ignore[import-untyped]

        return qrcode.make(url, image_factory=SvgPathFillImage, border=2).to_string().decode()  # type: ignore[no-any-return]

    def _get_site_name(self) -> str:
        return "Guanxi"
