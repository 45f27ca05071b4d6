from __future__ import annotations

from typing import Any

from django.db import models, transaction


class DepartmentQuerySet(models.QuerySet["Department"]):
    def within(self, department: Department) -> DepartmentQuerySet:
        """The department itself and everything below it."""
        return self.filter(path__startswith=department.path)


class Department(models.Model):
    """A node in the company's tree. `path` holds the ids from the root down, `/1/4/`, so that a subtree is a prefix."""

    name = models.CharField(max_length=120)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    path = models.CharField(max_length=400, editable=False, default="", db_index=True)

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        ordering = ["path", "id"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="staff_department_name", nulls_distinct=False)
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Give a new department its path; moving one, with all below it, is `actions.departments.move_department`."""
        is_new = self.pk is None
        with transaction.atomic():
            super().save(*args, **kwargs)
            if is_new:
                self.path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
                super().save(update_fields=["path"])

    @property
    def depth(self) -> int:
        return self.path.count("/") - 2
