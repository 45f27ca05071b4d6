from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models, transaction
from django.db.models.functions import Lower
from django.utils.functional import cached_property

from guanxi.core.actors import Actor
from guanxi.staff.models.department import Department
from guanxi.staff.models.role import Role


class MemberQuerySet(models.QuerySet["Member"]):
    def active(self) -> MemberQuerySet:
        return self.filter(is_active=True)

    def administrators(self) -> MemberQuerySet:
        """Active members who may do everything."""
        return self.active().filter(role__is_administrator=True)

    def by_name(self) -> MemberQuerySet:
        return self.order_by("name", "id")


class MemberManager(BaseUserManager["Member"]):
    def get_queryset(self) -> MemberQuerySet:
        return MemberQuerySet(self.model, using=self._db)

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Member:
        """Make a member who signs in with `email`; without a password only OpenID Connect or a reset lets them in.

        The address counts as verified: it came from an administrator or through the link mailed to it.
        """
        from allauth.account.models import EmailAddress  # allauth's models are not loaded when ours are

        member = self.model(email=email.strip().lower(), **fields)
        member.set_password(password)
        with transaction.atomic():
            member.save(using=self._db)
            EmailAddress.objects.create(user=member, email=member.email, verified=True, primary=True)
        return member

    def get_by_natural_key(self, username: str | None) -> Member:
        return self.get(email=(username or "").strip().lower())

    def active(self) -> MemberQuerySet:
        return self.get_queryset().active()


class Member(AbstractBaseUser):
    """A person who works here and signs in with their e-mail.

    Members are never deleted, since what they did stays in the log: they are deactivated. `language`
    and `timezone` are empty where the person leaves the choice to browser and installation.
    """

    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120)
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="members")
    department = models.ForeignKey(Department, on_delete=models.PROTECT, null=True, blank=True, related_name="members")
    phone = models.CharField(max_length=20, blank=True, default="")
    language = models.CharField(max_length=10, blank=True, default="")
    timezone = models.CharField(max_length=40, blank=True, default="")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MemberManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="staff_member_email_lower")
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def actor(self) -> Actor:
        """This person as the `by` of what they do."""
        return Actor("staff", self.pk, self.name)

    def get_full_name(self) -> str:
        return self.name

    @property
    def is_administrator(self) -> bool:
        return self.is_active and self.role.is_administrator

    @property
    def masks_contacts(self) -> bool:
        """Whether phones and e-mails of customers are shown masked to this person."""
        return self.role.masks_contacts and not self.role.is_administrator

    def can(self, module: str, verb: str = "see") -> bool:
        """Whether this person may do `verb` in `module`."""
        return self.is_active and self.role.allows(module, verb)

    def visible_member_ids(self) -> list[int] | None:
        """The members whose customers this person may see; None when that is everybody's."""
        return self._visible_member_ids

    @cached_property
    def _visible_member_ids(self) -> list[int] | None:
        if self.role.is_administrator or self.role.scope == Role.Scope.ALL:
            return None
        if self.role.scope == Role.Scope.DEPARTMENT and self.department is not None:
            subtree = Department.objects.within(self.department)
            colleagues = Member.objects.filter(department__in=subtree).values_list("pk", flat=True)
            return sorted({self.pk, *colleagues})
        return [self.pk]
