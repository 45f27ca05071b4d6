from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Q
from django.db.models.functions import ExtractMonth
from django.utils.translation import gettext_lazy as _

from guanxi.customers.models.ownership import Collaborator
from guanxi.customers.models.source import Source
from guanxi.customers.models.stage import Stage
from guanxi.staff.models import Member

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable


class _IsAnyOf(models.Func):
    """`value = ANY (array)`."""

    template = "(%(expressions)s))"
    arg_joiner = " = ANY ("
    output_field = models.BooleanField()


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, member: Member) -> CustomerQuerySet:
        """What this member may see by data scope: every query of a view or of the API starts here.

        Own and department scope reach the customers these people own or collaborate on. Merged-away records
        are never seen.
        """
        present = self.present()
        seen = member.visible_member_ids()
        if seen is None:
            return present
        shared = Collaborator.objects.filter(member_id=member.pk).order_by().values("customer_id")
        # An array, taken first: so both sides are ranges of an index. Of an EXISTS on one side of OR the planner
        # expects half of all customers.
        return present.filter(Q(owner_id__in=seen) | Q(_IsAnyOf("pk", ArraySubquery(shared))))

    def present(self) -> CustomerQuerySet:
        """Without the records that a merge took up into another."""
        return self.filter(merged_into=None)


class Customer(models.Model):
    """A person or a company that the business deals with.

    `fields` holds the values of the company's own fields, {str(field.pk): value} (see Field). `version` rises
    with each edit: who saves with an old one is told, not overwritten. `merged_into` is set while another
    record stands for this one.
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        COMPANY = "company", _("Company")

    class Gender(models.TextChoices):
        FEMALE = "female", _("Female")
        MALE = "male", _("Male")
        OTHER = "other", _("Other")

    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PERSON)
    name = models.CharField(_("name"), max_length=200, blank=True, default="")
    gender = models.CharField(_("gender"), max_length=8, choices=Gender, blank=True, default="")
    birth_date = models.DateField(_("birthday"), null=True, blank=True)
    title = models.CharField(_("job title"), max_length=120, blank=True, default="")
    company_name = models.CharField(_("company"), max_length=200, blank=True, default="")
    language = models.CharField(_("language"), max_length=10, blank=True, default="")
    country = models.CharField(_("country"), max_length=2, blank=True, default="")
    region = models.CharField(_("province or state"), max_length=80, blank=True, default="")
    city = models.CharField(_("city"), max_length=80, blank=True, default="")
    address = models.CharField(_("address"), max_length=300, blank=True, default="")
    postcode = models.CharField(_("postcode"), max_length=20, blank=True, default="")
    description = models.TextField(_("description"), blank=True, default="")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    owner = models.ForeignKey(
        Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    source = models.ForeignKey(
        Source, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    fields: Any = models.JSONField(default=dict, blank=True)
    version = models.IntegerField(default=1)
    merged_into: models.ForeignKey[Customer | int | Combinable | None, Customer | None] = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = CustomerQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        # Each ends in id, so that a filtered list comes out of the index already in the list's own order.
        # Partial where most rows that arrive by absorbing have no value: those rows cost nothing.
        indexes = [
            models.Index(fields=["owner", "id"], name="customers_by_owner", condition=~Q(owner=None)),
            models.Index(fields=["stage", "id"], name="customers_by_stage", condition=~Q(stage=None)),
            models.Index(fields=["source", "id"], name="customers_by_source", condition=~Q(source=None)),
            models.Index(fields=["city", "id"], name="customers_by_city", condition=~Q(city="")),
            models.Index(fields=["region", "id"], name="customers_by_region", condition=~Q(region="")),
            models.Index(fields=["country", "id"], name="customers_by_country", condition=~Q(country="")),
            models.Index(fields=["company_name", "id"], name="customers_by_company", condition=~Q(company_name="")),
            models.Index(fields=["name", "id"], name="customers_by_name", condition=~Q(name="")),
            models.Index(fields=["birth_date", "id"], name="customers_by_birth", condition=~Q(birth_date=None)),
            models.Index(fields=["created_at", "id"], name="customers_by_created"),
            models.Index(fields=["gender", "id"], name="customers_by_gender", condition=~Q(gender="")),
            models.Index(fields=["kind", "id"], name="customers_by_kind", condition=~Q(kind="person")),
            models.Index(fields=["language", "id"], name="customers_by_language", condition=~Q(language="")),
            models.Index(fields=["title", "id"], name="customers_by_title", condition=~Q(title="")),
            models.Index(
                ExtractMonth("birth_date"), "id", name="customers_by_birth_month", condition=~Q(birth_date=None)
            ),
            models.Index(fields=["id"], name="customers_unowned", condition=Q(owner=None)),
            models.Index(fields=["id"], name="customers_unstaged", condition=Q(stage=None)),
            models.Index(fields=["merged_into"], name="customers_by_merged", condition=~Q(merged_into=None)),
        ]

    def __str__(self) -> str:
        return self.name or str(_("Customer {id}")).format(id=self.pk)
