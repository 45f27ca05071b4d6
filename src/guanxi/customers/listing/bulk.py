"""Work on many customers at once: what is selected, what is to be done, and taking it back.

A few are done at once; many by a job with a bar. Before the work what was there is noted in its Progress, in the
form {former value: [customer]}, so that Undo puts back exactly that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guanxi.core.errors import Refused
from guanxi.core.jobs import defer
from guanxi.core.models import Progress
from guanxi.customers.actions.assigning import assign
from guanxi.customers.actions.staging import move_to_stage
from guanxi.customers.actions.tagging import add_tag, remove_tag
from guanxi.customers.listing.filters import Asking, Filters
from guanxi.customers.models import Customer, CustomerTag, Stage, Tag
from guanxi.design import formats
from guanxi.staff.models import Member

KIND = "customers.bulk"
AT_ONCE = 500
BATCH = 5_000
MOST_UNDONE = 100_000
Noted = dict[str, list[int]]


@dataclass(frozen=True)
class Selection:
    """Customers picked one by one, or everything that a filter finds. Never beyond the member's scope."""

    member: Member
    picked: tuple[int, ...] = ()
    query: str = ""
    is_all: bool = False

    @classmethod
    def of(cls, member: Member, sent: QueryDict) -> Selection:
        """From the list's form: `ids`, or `all_matching` with the `query` of the list."""
        picked = tuple(
            int(each) for each in sent.getlist("ids") if each.isascii() and each.isdigit() and len(each) < 19
        )
        return cls(member, picked, sent.get("query", "").removeprefix("?"), sent.get("all_matching") == "1")

    def ids(self, *, at: datetime) -> list[int]:
        """The customers' ids. Raises Unusable when a filter of the list cannot be applied any more."""
        if not self.is_all:
            visible = Customer.objects.visible_to(self.member)
            return list(visible.filter(pk__in=self.picked).order_by("pk").values_list("pk", flat=True))
        filters = Filters.read(self.query, Asking(self.member, at))
        filters.refuse_problems()
        return list(filters.visible().order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True)
class Doing:
    """One thing that can be done to many: the verb, what it takes, how the former state is noted and put back."""

    find: Callable[[str], Any]
    run: Callable[[Sequence[int], Any, Member, datetime], int]
    note: Callable[[Sequence[int], Any], Noted]
    words: Callable[[int, Any], str]


def begin(selection: Selection, what: str, target: str, *, at: datetime) -> Progress:
    """Do `what` (tag, untag, stage, owner) with `target` to the selected customers, now or by a job.

    Raises Refused when nothing is selected, or what is to be done does not exist.
    """
    doing = DOINGS.get(what)
    if doing is None:
        raise Refused(_("Choose what to do with the selected customers."), code="unknown_action")
    thing = doing.find(target)
    ids = selection.ids(at=at)
    if not ids:
        raise Refused(_("No customer is selected. Tick some rows first."), code="nothing_selected")
    title = doing.words(len(ids), thing)
    with transaction.atomic():
        progress = Progress.objects.create(
            kind=KIND, title=title, member=selection.member, total=len(ids), result={"what": what, "target": target}
        )
        if len(ids) <= AT_ONCE:
            _do(progress, doing, thing, ids, selection.member, at=at)
        else:
            progress.result["ids"] = ids
            progress.save(update_fields=["result"])
            defer("customers.bulk", progress_id=progress.pk)
    return progress


def carry_on(progress: Progress, *, at: datetime) -> None:
    """Do the work of a job, batch by batch, until done or cancelled. Begun again after a crash it repeats nothing."""
    doing = DOINGS[progress.result["what"]]
    thing = doing.find(progress.result["target"])
    member = progress.member
    if not isinstance(member, Member) or progress.is_over:
        return
    _do(progress, doing, thing, progress.result["ids"], member, at=progress.started_at or at)


def _do(progress: Progress, doing: Doing, thing: Any, ids: list[int], member: Member, *, at: datetime) -> None:
    result = {key: value for key, value in progress.result.items() if key != "ids"}
    noted: Noted = progress.result.get("noted") or (doing.note(ids, thing) if len(ids) <= MOST_UNDONE else {})
    if progress.started_at is None:
        progress.result = {**progress.result, "noted": noted}
        progress.save(update_fields=["result"])
        progress.start(at=at, total=len(ids))
    changed = int(result.get("changed", 0))
    for start in range(0, len(ids), BATCH):
        if progress.is_cancelled():
            return
        with transaction.atomic():
            changed += doing.run(ids[start : start + BATCH], thing, member, at)
            progress.step(min(start + BATCH, len(ids)))
    progress.finish(at=at, result={**result, "noted": noted, "changed": changed})


def undo(progress: Progress, *, by: Member, at: datetime) -> int:
    """Put back what a finished piece of work changed; returns how many customers that concerns. Once only.

    Whoever was changed again meanwhile keeps the newer state.
    """
    with transaction.atomic():
        held = Progress.objects.select_for_update().get(pk=progress.pk)
        noted = held.result.get("noted") or {}
        if held.result.get("undone") or not noted or held.state != Progress.State.FINISHED:
            raise Refused(_("This can't be undone any more."), code="not_undoable")
        held.result = {**held.result, "undone": True, "noted": {}}
        held.save(update_fields=["result"])
        what, target = held.result["what"], held.result["target"]
        visible = Customer.objects.visible_to(by)
        count = 0
        for former, ids in noted.items():
            within = list(visible.filter(pk__in=ids).values_list("pk", flat=True))
            count += _PUT_BACK[what](within, former, target, by, at)
    return count


def done_words(progress: Progress) -> str:
    """What was done, for the toast."""
    count = int(progress.result.get("changed", 0))
    told = ngettext("%(count)s customer changed.", "%(count)s customers changed.", count)
    told %= {"count": formats.number(count)}
    return _("%(what)s. %(told)s") % {"what": progress.title, "told": told}


def _tag(target: str) -> Tag:
    found: Tag = _found(Tag.objects.select_related("group").filter(archived_at=None), target, _("That tag is gone."))
    return found


def _stage(target: str) -> Stage | None:
    return None if target == "none" else _found(Stage.objects.all(), target, _("That stage is gone."))


def _member(target: str) -> Member | None:
    if target == "none":
        return None
    found: Member = _found(Member.objects.active(), target, _("That colleague is gone."))
    return found


def _found(rows: Any, target: str, sentence: str) -> Any:
    found = rows.filter(pk=int(target)).first() if target.isascii() and target.isdigit() and len(target) < 19 else None
    if found is None:
        raise Refused(sentence, code="gone")
    return found


def _batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), BATCH):
        yield ids[start : start + BATCH]


def _note_tag(ids: Sequence[int], tag: Tag) -> Noted:
    """Whoever lacks the tag, under the tag of the same exclusive group that each carries now, if any."""
    having: set[int] = set()
    former: dict[int, int] = {}
    for batch in _batches(ids):
        on = CustomerTag.objects.filter(customer__in=batch)
        having |= set(on.filter(tag=tag).values_list("customer_id", flat=True))
        if tag.group.is_exclusive:
            rivals = on.filter(tag__group=tag.group_id).exclude(tag=tag)
            former |= dict(rivals.values_list("customer_id", "tag_id"))
    noted: Noted = {}
    for pk in ids:
        if pk not in having:
            noted.setdefault(str(former.get(pk, "")), []).append(pk)
    return noted


def _note_untag(ids: Sequence[int], tag: Tag) -> Noted:
    having: list[int] = []
    for batch in _batches(ids):
        having += CustomerTag.objects.filter(customer__in=batch, tag=tag).values_list("customer_id", flat=True)
    return {str(tag.pk): having} if having else {}


def _note_column(column: str) -> Callable[[Sequence[int], Any], Noted]:
    def note(ids: Sequence[int], thing: Any) -> Noted:
        noted: Noted = {}
        target = thing.pk if thing else None
        for batch in _batches(ids):
            for pk, former in Customer.objects.filter(pk__in=batch).values_list("pk", column):
                if former != target:
                    noted.setdefault(str(former or ""), []).append(pk)
        return noted

    return note


def _untag_again(ids: list[int], former: str, target: str, by: Member, at: datetime) -> int:
    tag = Tag.objects.select_related("group").get(pk=int(target))
    count = remove_tag(ids, tag, by=by.actor, at=at)
    rival = Tag.objects.select_related("group").filter(pk=former).first() if former else None
    if rival is not None:
        add_tag(ids, rival, by=by.actor, at=at, how=CustomerTag.How.BULK)
    return count


def _tag_again(ids: list[int], former: str, target: str, by: Member, at: datetime) -> int:
    return add_tag(ids, _tag(target), by=by.actor, at=at, how=CustomerTag.How.BULK)


def _still(ids: list[int], column: str, target: str) -> list[int]:
    now = None if target == "none" else int(target)
    return list(Customer.objects.filter(pk__in=ids, **{column: now}).values_list("pk", flat=True))


def _stage_again(ids: list[int], former: str, target: str, by: Member, at: datetime) -> int:
    stage = Stage.objects.filter(pk=former).first() if former else None
    return move_to_stage(_still(ids, "stage_id", target), stage, by=by.actor, at=at)


def _owner_again(ids: list[int], former: str, target: str, by: Member, at: datetime) -> int:
    owner = Member.objects.get_queryset().filter(pk=former).first() if former else None
    return assign(_still(ids, "owner_id", target), owner, by=by.actor, at=at, reason=_("Undone"))


_PUT_BACK: dict[str, Callable[[list[int], str, str, Member, datetime], int]] = {
    "tag": _untag_again,
    "untag": _tag_again,
    "stage": _stage_again,
    "owner": _owner_again,
}


def _titled(words: str, count: int, thing: Any) -> str:
    return words % {"count": formats.number(count), "name": thing or _("none")}


DOINGS: dict[str, Doing] = {
    "tag": Doing(
        _tag,
        lambda ids, tag, by, at: add_tag(ids, tag, by=by.actor, at=at, how=CustomerTag.How.BULK),
        _note_tag,
        lambda count, tag: _titled(_("Tag “%(name)s” on %(count)s customers"), count, tag),
    ),
    "untag": Doing(
        _tag,
        lambda ids, tag, by, at: remove_tag(ids, tag, by=by.actor, at=at),
        _note_untag,
        lambda count, tag: _titled(_("Tag “%(name)s” off %(count)s customers"), count, tag),
    ),
    "stage": Doing(
        _stage,
        lambda ids, stage, by, at: move_to_stage(ids, stage, by=by.actor, at=at),
        _note_column("stage_id"),
        lambda count, stage: _titled(_("Stage “%(name)s” for %(count)s customers"), count, stage),
    ),
    "owner": Doing(
        _member,
        lambda ids, owner, by, at: assign(ids, owner, by=by.actor, at=at),
        _note_column("owner_id"),
        lambda count, owner: _titled(_("Owner “%(name)s” for %(count)s customers"), count, owner),
    ),
}
