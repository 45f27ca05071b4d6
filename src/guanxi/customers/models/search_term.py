from __future__ import annotations

from django.db import models

from guanxi.customers.models.customer import Customer


class SearchTerm(models.Model):
    """A word under which the search box finds a customer; a prefix of it is enough.

    Terms of names (with pinyin and initials) and of e-mails. Phones and whole e-mails are found by Identity.
    """

    pk = models.CompositePrimaryKey("term", "customer_id")
    term = models.CharField(max_length=64, db_collation="C")
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        # Whoever sees few customers is answered from theirs: each is looked up here, in this index alone.
        indexes = [models.Index(fields=["customer", "term"], name="customers_term_of_customer")]

    def __str__(self) -> str:
        return self.term
