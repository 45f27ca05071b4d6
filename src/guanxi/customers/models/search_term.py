from __future__ import annotations

from django.db import models

from guanxi.customers.models.customer import Customer


class SearchTerm(models.Model):
    """A word under which the search box finds a customer; a prefix of it is enough.

    Terms of names (with pinyin and initials) and of e-mails. Phones and whole e-mails are found by Identity.
    """

    pk = models.CompositePrimaryKey("term", "customer_id")
    term = models.CharField(max_length=64, db_collation="C")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return self.term
