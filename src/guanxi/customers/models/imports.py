from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.core.models import Progress
from guanxi.customers.models.customer import Customer
from guanxi.staff.models import Member


class Import(models.Model):
    """A file taken in: what it was, how its columns were read, how it went, and whether it was undone.

    `figures` holds what has no column of its own: noted, skipped, without_customer, linked, undone, kept (counts)
    and totals {currency: sum}.
    """

    class Shape(models.TextChoices):
        CUSTOMERS = "customers", _("Customers")
        TRANSACTIONS = "transactions", _("Transactions")

    class State(models.TextChoices):
        MAPPING = "mapping", _("Columns to confirm")
        RUNNING = "running", _("Running")
        FINISHED = "finished", _("Finished")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    file = models.FileField(upload_to="imports/%Y/%m/")
    file_name = models.CharField(max_length=200)
    shape = models.CharField(max_length=12, choices=Shape, default=Shape.CUSTOMERS)
    state = models.CharField(max_length=10, choices=State, default=State.MAPPING)
    options: Any = models.JSONField(default=dict)
    mapping: Any = models.JSONField(default=dict)
    progress = models.ForeignKey(Progress, on_delete=models.SET_NULL, null=True, related_name="+")
    rows_done = models.BigIntegerField(default=0)
    created_count = models.BigIntegerField(default=0)
    updated_count = models.BigIntegerField(default=0)
    event_count = models.BigIntegerField(default=0)
    refused_count = models.BigIntegerField(default=0)
    repeated_count = models.BigIntegerField(default=0)
    amount_total = models.DecimalField(max_digits=24, decimal_places=4, default=0)
    figures: Any = models.JSONField(default=dict)
    failure = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name


class ImportRefusal(models.Model):
    """A row that did not land, as it was, and why. With `has_landed` only the named cell did not."""

    of_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="refusals")
    row_number = models.BigIntegerField()
    column = models.CharField(max_length=200, blank=True, default="")
    code = models.CharField(max_length=40)
    reason = models.CharField(max_length=300)
    row: Any = models.JSONField(default=list)
    has_landed = models.BooleanField(default=False)

    class Meta:
        ordering = ["row_number", "id"]
        indexes = [models.Index(fields=["of_import", "row_number"], name="customers_refusal_row")]

    def __str__(self) -> str:
        return f"{self.row_number}: {self.reason}"


class ImportedCustomer(models.Model):
    """What an import did to a customer, kept so that it can be undone.

    `was_created`: the import made the record. Else `before` holds the values it overwrote and what it added.
    """

    of_import = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="customers")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    was_created = models.BooleanField()
    before: Any = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["of_import", "customer"], name="customers_imported_once")]

    def __str__(self) -> str:
        return f"{self.customer_id} by {self.of_import_id}"
