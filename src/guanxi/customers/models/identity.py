from __future__ import annotations

from django.db import models
from django.db.models import functions
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models.customer import Customer


class Identity(models.Model):
    """A name under which a channel knows a customer. (kind, namespace, value) is unique: it names one customer.

    `value` is normalised: E.164 for a phone, lower case for an e-mail. `namespace` tells apart ids that are only
    unique somewhere: the app of an open id, the shop of an external id, the site of a cookie.
    """

    class Kind(models.TextChoices):
        PHONE = "phone", _("Phone")
        EMAIL = "email", _("E-mail")
        UNIONID = "unionid", _("WeChat union id")
        OPENID = "openid", _("Open id")
        EXTERNAL = "external", _("External id")
        COOKIE = "cookie", _("Browser")

    # When the identities of one fact point at different customers, the strongest decides (strongest first).
    STRENGTH = [Kind.EXTERNAL, Kind.UNIONID, Kind.PHONE, Kind.EMAIL, Kind.OPENID, Kind.COOKIE]

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="identities")
    kind = models.CharField(max_length=10, choices=Kind)
    namespace = models.CharField(max_length=80, blank=True, default="", db_collation="C")
    value = models.CharField(max_length=254, db_collation="C")
    is_primary = models.BooleanField(default=False)
    verified_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True, db_default=functions.Now())

    class Meta:
        ordering = ["-is_primary", "id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "namespace", "value"], name="customers_identity_names_one")
        ]
        indexes = [
            # The last digits of a phone, as people quote them.
            models.Index(
                functions.Collate(functions.Reverse("value"), "C"),
                name="customers_phone_tail",
                condition=models.Q(kind="phone"),
            ),
            # Who can be reached how, and whose e-mail is of which domain: both in the order of the customers' list.
            models.Index(fields=["kind", "customer"], name="customers_reachable", condition=~models.Q(kind="cookie")),
            models.Index(
                models.Func("value", models.Value("@"), models.Value(2), function="split_part"),
                "customer",
                name="customers_email_domain",
                condition=models.Q(kind="email"),
            ),
        ]
        verbose_name_plural = "identities"

    def __str__(self) -> str:
        return f"{self.kind}:{self.value}"
