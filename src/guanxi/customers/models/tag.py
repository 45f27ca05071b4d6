from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models.customer import Customer
from guanxi.staff.models import Member


class TagGroup(models.Model):
    """Tags that belong together. Of an exclusive group a customer carries one tag at most."""

    name = models.CharField(max_length=60, unique=True)
    color = models.CharField(max_length=12, default="blue")
    is_exclusive = models.BooleanField(default=False)
    position = models.IntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name


class Tag(models.Model):
    group = models.ForeignKey(TagGroup, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=60)
    position = models.IntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["group__position", "group_id", "position", "id"]
        constraints = [models.UniqueConstraint(fields=["group", "name"], name="customers_tag_name")]

    def __str__(self) -> str:
        return self.name


class CustomerTag(models.Model):
    """A tag on a customer: who put it there, when, and how. The key's order is the list's: newest customers first."""

    class How(models.TextChoices):
        MANUAL = "manual", _("By hand")
        BULK = "bulk", _("In bulk")
        IMPORT = "import", _("By import")
        RULE = "rule", _("By rule")
        API = "api", _("By API")

    pk = models.CompositePrimaryKey("tag_id", "customer_id")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="+", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="customer_tags")
    how = models.CharField(max_length=8, choices=How, default=How.MANUAL)
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["tag_id", "customer_id"]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.customer_id}"
