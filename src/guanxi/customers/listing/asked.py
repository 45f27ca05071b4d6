"""What a request asks the list for: filters, order, columns and saved view, from its address and the session."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, QueryDict

from guanxi.core import clock
from guanxi.customers.listing.columns import USUAL, Column, columns
from guanxi.customers.listing.filters import RESERVED, Asking, Catalogue, Filters
from guanxi.customers.listing.finding import Listing, choose_sort
from guanxi.customers.listing.sorts import NEWEST, Sort, sorts
from guanxi.customers.models import DefaultView, SavedView
from guanxi.staff.access import member
from guanxi.staff.models import Member

COLUMNS_KEPT = "customers.columns"
EVERYTHING = "all"


@dataclass
class Asked:
    """A list as one member asks for it. `query` are the parameters of its address."""

    member: Member
    query: QueryDict
    kept_columns: list[str] | None = None

    @classmethod
    def of(cls, request: HttpRequest, query: QueryDict | None = None) -> Asked:
        kept = request.session.get(COLUMNS_KEPT)
        return cls(member(request), request.GET if query is None else query, kept if isinstance(kept, list) else None)

    @cached_property
    def asking(self) -> Asking:
        return Asking(self.member, clock.now())

    @cached_property
    def catalogue(self) -> Catalogue:
        return Catalogue.now()

    @cached_property
    def sorts(self) -> dict[str, Sort]:
        return sorts(self.catalogue.fields)

    @cached_property
    def views(self) -> list[SavedView]:
        """The member's own views and those shared with everybody; the default one is marked."""
        mine = DefaultView.objects.filter(member=self.member, view=OuterRef("pk"))
        return list(views_of(self.member).annotate(is_default=Exists(mine)))

    @cached_property
    def view(self) -> SavedView | None:
        """The saved view that the address names; of a deleted one nothing is left."""
        wanted = self.query.get("view", "")
        return next((view for view in self.views if str(view.pk) == wanted), None)

    @cached_property
    def is_changed(self) -> bool:
        """Whether the address says more than the name of a view: then that counts, and not what the view keeps."""
        return any(name not in ("view", "after", "before", "columns") for name in self.query)

    @cached_property
    def filters(self) -> Filters:
        if self.view is not None and not self.is_changed:
            return Filters.from_json(self.view.query, self.asking, self.catalogue)
        return Filters.read(self.query, self.asking, self.catalogue)

    @cached_property
    def sort_word(self) -> str:
        """The order as the address writes it; empty for the usual one."""
        if self.view is not None and not self.is_changed:
            return self.view.sort
        return self.query.get("sort", "")

    @cached_property
    def listing(self) -> Listing:
        sort, falling = choose_sort(self.sort_word, self.filters, self.sorts)
        return Listing(self.filters, sort, falling)

    @cached_property
    def all_columns(self) -> dict[str, Column]:
        return columns(self.catalogue.fields)

    @cached_property
    def columns(self) -> list[Column]:
        """The columns shown: of the address, else of the view, else those last chosen; the name is always first."""
        wanted: list[Any] = [key for text in self.query.getlist("columns") for key in text.split(",")]
        if not wanted and self.view is not None and self.kept_columns is None:
            wanted = self.view.columns
        wanted = wanted or self.kept_columns or (self.view.columns if self.view else None) or list(USUAL)
        keys = ["name", *(key for key in dict.fromkeys(wanted) if key in self.all_columns and key != "name")]
        return [self.all_columns[key] for key in keys]

    def address(self, filters: Filters | None = None, **changes: str) -> str:
        """The query of this list, from "?", with other filters or parameters; without its place in the list."""
        narrowed = self.filters if filters is None else filters
        said = [*narrowed.to_query()]
        if self.sort_word and self.sort_word != NEWEST:
            said.append(("sort", self.sort_word))
        if self.view is not None and (narrowed or not self.view.query):
            said.append(("view", str(self.view.pk)))
        said = [(name, value) for name, value in said if name not in changes]
        said += [(name, value) for name, value in changes.items() if value]
        return "?" + urlencode(said)

    @property
    def blanks(self) -> bool:
        """Whether a form left parameters empty, which a clean address leaves out."""
        return any(not value for name in self.query for value in self.query.getlist(name))

    def cleaned(self) -> str:
        """The address without what a form left empty."""
        pairs = [(name, value) for name in self.query for value in self.query.getlist(name) if value]
        named = [pair for pair in pairs if pair[0] not in RESERVED or pair[0] in ("sort", "view", "columns")]
        return "?" + urlencode(named)


def views_of(asker: Member) -> QuerySet[SavedView]:
    """The views that a member may open."""
    return SavedView.objects.filter(Q(member=asker) | Q(is_shared=True)).order_by("position", "id")
