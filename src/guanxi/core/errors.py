"""Errors a person can act on; the edge turns them into a form error or a 4xx with a stable code."""

from __future__ import annotations


class Refused(Exception):
    """A request that is understood and declined, in words a person can act on.

    `message` says what is wrong, where, and how to mend it. `code` is stable and meant for programs.
    `field` names the input at fault, when there is one. `status` is the HTTP status the edge answers with.
    """

    code = "refused"
    status = 422

    def __init__(self, message: object, *, code: str = "", field: str = "", status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or type(self).code
        self.field = field
        self.status = status or type(self).status

    def __str__(self) -> str:
        return str(self.message)


class Conflict(Refused):
    """Somebody else changed the thing meanwhile."""

    code = "conflict"
    status = 409
