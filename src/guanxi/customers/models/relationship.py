from __future__ import annotations

from django.db import models


class RelationshipKind(models.Model):
    """How two customers are related: referred, follows, colleague, family, same group …

    `reverse_name` is how it reads from the other end (referred by); empty when it reads the same both ways.
    """

    slug = models.SlugField(max_length=60, unique=True, allow_unicode=True)
    name = models.CharField(max_length=60)
    reverse_name = models.CharField(max_length=60, blank=True, default="")
    position = models.IntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_symmetric(self) -> bool:
        return not self.reverse_name


class Relationship(models.Model):
    """A directed, weighted edge of the customer network. Of a symmetric kind one row stands for both ways."""

    customer = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="relationships")
    other = models.ForeignKey("customers.Customer", on_delete=models.CASCADE, related_name="related_by")
    kind = models.ForeignKey(RelationshipKind, on_delete=models.PROTECT, related_name="+")
    weight = models.FloatField(default=1.0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["kind__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "other", "kind"], name="customers_relationship_once"),
            models.CheckConstraint(
                condition=~models.Q(customer=models.F("other")), name="customers_relationship_not_to_self"
            ),
            models.CheckConstraint(condition=models.Q(weight__gt=0), name="customers_relationship_weight"),
        ]

    def __str__(self) -> str:
        return f"{self.customer_id} {self.kind_id} {self.other_id}"
