"""The names that staff records, each with the keys of its payload. The actor is who did it.

`member`, `role`, `department`, `api_key` and `invitation` in a payload are ids; a `name` beside them is for people
to read after the thing is gone. No payload holds a password, a token or a code.
"""

from __future__ import annotations

from typing import Any

from guanxi.core import events
from guanxi.core.actors import Actor

SIGNED_IN = "staff.signed_in"  # methods (["password", "mfa"]), ip, browser
SIGN_IN_FAILED = "staff.sign_in_failed"  # email, method, ip, browser
SIGNED_OUT = "staff.signed_out"  # ip
SESSIONS_ENDED = "staff.sessions_ended"  # member, count
PASSWORD_CHANGED = "staff.password_changed"  # noqa: S105 - how: changed, set or reset; ip
SECOND_FACTOR_ADDED = "staff.second_factor_added"  # member, kind: totp, webauthn, recovery_codes
SECOND_FACTOR_REMOVED = "staff.second_factor_removed"  # member, kind
RECOVERY_CODES_RENEWED = "staff.recovery_codes_renewed"

MEMBER_INVITED = "staff.member_invited"  # invitation, email, role, department
INVITATION_REVOKED = "staff.invitation_revoked"  # invitation, email
MEMBER_JOINED = "staff.member_joined"  # member, name, invitation (none for the first administrator), role
MEMBER_CHANGED = "staff.member_changed"  # member, before, after: {name, language, …}
MEMBER_DEACTIVATED = "staff.member_deactivated"  # member, name
MEMBER_REACTIVATED = "staff.member_reactivated"  # member, name
MEMBER_MOVED = "staff.member_moved"  # member, name, before, after: department ids
ROLE_CHANGED = "staff.role_changed"  # member, name, before, after: {role, name}

ROLE_CREATED = "staff.role_created"  # role, after: {name, permissions, scope, masks_contacts, is_administrator}
PERMISSIONS_CHANGED = "staff.permissions_changed"  # role, name, before, after: as above
ROLE_DELETED = "staff.role_deleted"  # role, before

DEPARTMENT_CREATED = "staff.department_created"  # department, name, parent
DEPARTMENT_RENAMED = "staff.department_renamed"  # department, before, after
DEPARTMENT_MOVED = "staff.department_moved"  # department, name, before, after: parent ids
DEPARTMENT_DELETED = "staff.department_deleted"  # department, name

API_KEY_ISSUED = "staff.api_key_issued"  # api_key, name, member, scopes, expires_at
API_KEY_REVOKED = "staff.api_key_revoked"  # api_key, name, member

READER_REWOUND = "staff.reader_rewound"  # reader


def record(name: str, /, *, by: Actor, **payload: Any) -> None:
    """Append an event of staff in the caller's transaction."""
    events.record(name, by=by, payload=payload)
