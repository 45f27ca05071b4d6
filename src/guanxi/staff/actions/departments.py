"""Growing and reshaping the company's tree."""

from __future__ import annotations

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from guanxi.core.actors import Actor
from guanxi.core.errors import Refused
from guanxi.core.sql import load
from guanxi.staff import events
from guanxi.staff.actions.lockout import queue_for
from guanxi.staff.authority import Authority
from guanxi.staff.models import Department

_LOCK = 0x67780002  # the advisory lock of the tree's shape: two moves at once could otherwise close a circle
_DEEPEST = 12
_MOVE_SUBTREE = load("guanxi.staff", "move_subtree.sql")


class DepartmentInUse(Refused):
    """A department with people or departments in it can't be deleted."""

    code = "department_in_use"
    status = 409


class Circle(Refused):
    """A department can't stand below itself."""

    code = "circle"


def create_department(*, name: str, parent: Department | None, by: Actor) -> Department:
    """Add a department below `parent`, or at the top."""
    _check_name(name)
    with transaction.atomic():
        queue_for(_LOCK)
        parent = Department.objects.get(pk=parent.pk) if parent else None
        _check_depth(parent, 1)
        Authority.of(by).must_reach_department(parent)
        department = Department(name=name.strip(), parent=parent)
        _save(department)
        events.record(
            events.DEPARTMENT_CREATED,
            by=by,
            department=department.pk,
            name=department.name,
            parent=parent.pk if parent else None,
        )
    return department


def rename_department(department: Department, *, name: str, by: Actor) -> bool:
    """Give a department another name. False when it has it already."""
    _check_name(name)
    with transaction.atomic():
        department = Department.objects.select_for_update().get(pk=department.pk)
        before = department.name
        if before == name.strip():
            return False
        Authority.of(by).must_reach_department(department)
        department.name = name.strip()
        _save(department, "name")
        events.record(events.DEPARTMENT_RENAMED, by=by, department=department.pk, before=before, after=department.name)
    return True


def move_department(department: Department, *, parent: Department | None, by: Actor) -> bool:
    """Hang a department, with all below it, elsewhere in the tree. False when it hangs there already.

    Raises Circle when `parent` is the department itself or stands below it.
    """
    with transaction.atomic():
        queue_for(_LOCK)
        department = Department.objects.get(pk=department.pk)
        parent = Department.objects.get(pk=parent.pk) if parent else None
        before = department.parent_id
        if before == (parent.pk if parent else None):
            return False
        if parent is not None and parent.path.startswith(department.path):
            raise Circle(_("“%(name)s” can't be moved below itself.") % {"name": department.name}, field="parent")
        authority = Authority.of(by)
        authority.must_reach_department(department)
        authority.must_reach_department(parent)
        _check_depth(parent, _height(department))
        department.parent = parent
        _save(department, "parent")
        with connection.cursor() as cursor:
            new_path = f"{parent.path if parent else '/'}{department.pk}/"
            cursor.execute(_MOVE_SUBTREE, {"old": department.path, "new": new_path})
        events.record(
            events.DEPARTMENT_MOVED,
            by=by,
            department=department.pk,
            name=department.name,
            before=before,
            after=department.parent_id,
        )
    return True


def delete_department(department: Department, *, by: Actor) -> None:
    """Take an empty department out of the tree. Raises DepartmentInUse."""
    with transaction.atomic():
        queue_for(_LOCK)
        department = Department.objects.select_for_update().get(pk=department.pk)
        Authority.of(by).must_reach_department(department)
        if department.members.exists() or department.children.exists():
            raise DepartmentInUse(
                _("“%(name)s” still has people or departments in it. Move them first.") % {"name": department.name}
            )
        number, name = department.pk, department.name
        department.delete()
        events.record(events.DEPARTMENT_DELETED, by=by, department=number, name=name)


def _check_name(name: str) -> None:
    if not name.strip():
        raise Refused(_("Enter a name for the department."), code="required", field="name")


def _check_depth(parent: Department | None, height: int) -> None:
    """A tree deeper than anybody can read is a slip; `Department.path` also has to hold it."""
    if (parent.depth + 1 if parent else 0) + height > _DEEPEST:
        raise Refused(
            _("Departments can be at most %(count)d levels deep.") % {"count": _DEEPEST},
            code="too_deep",
            field="parent",
        )


def _height(department: Department) -> int:
    """How many levels the department and what is below it take."""
    depths = [below.depth for below in Department.objects.within(department)]
    return max(depths) - department.depth + 1


def _save(department: Department, *fields: str) -> None:
    try:
        with transaction.atomic():
            department.save(update_fields=fields or None)
    except IntegrityError as error:
        raise Refused(
            _("There is already a department called “%(name)s” there.") % {"name": department.name},
            code="taken",
            field="name",
        ) from error
