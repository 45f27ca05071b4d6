"""Of which panels the 360° page is composed. A domain adds its own by a line here.

Each panel is a page of its domain, named by `url_name`, that takes the customer's id; its template has a block
called `slug`, which is the id of the panel's element too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guanxi.staff.models import Member


@dataclass(frozen=True, slots=True)
class Panel:
    """A part of the page that loads itself. `side` is where it stands on a wide screen; `needs` is (module, verb)."""

    slug: str
    title: str | Promise
    icon: str
    url_name: str
    side: Literal["start", "end"]
    lines: int = 3
    needs: tuple[str, str] = ("customers", "see")


PANELS = (
    Panel("contact", _("Contact"), "address-book", "customer_contact", "start", lines=3),
    Panel("details", _("Details"), "id", "customer_details", "start", lines=7),
    Panel("figures", _("Figures"), "chart-bar", "customer_figures", "end", lines=3),
    Panel("follow_ups", _("Follow-ups"), "calendar-check", "customer_follow_ups", "end", lines=3),
    Panel("relationships", _("Relationships"), "affiliate", "customer_relationships", "end", lines=3),
    Panel("collaborators", _("Collaborators"), "users", "customer_collaborators", "end", lines=2),
    Panel("ownership", _("Owners so far"), "history", "customer_ownership", "start", lines=2),
    Panel("merges", _("Merged records"), "arrow-merge", "customer_merges", "start", lines=1),
)


def panels_for(member: Member, side: str) -> list[Panel]:
    """The panels of one side that this member may open, in order."""
    return [panel for panel in PANELS if panel.side == side and member.can(*panel.needs)]
