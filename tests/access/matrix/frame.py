"""Pages that stand around everything: sign-in, health, today, drafts, notices."""
from __future__ import annotations

from uuid import uuid4

from tests import cast
from tests.access.matrix import EVERYBODY, Row

OBJECTS = {
    "nothing": lambda world: None,
    "child": cast.child,
    "draft": cast.draft,
    "filled": cast.filled,
    "submitted": cast.submitted,
    "issued": cast.issued,
    "opened": cast.opened,
}
NOBODY_ELSE = {"args": lambda row: []}

ROWS = [
    Row("today", ok=EVERYBODY, **NOBODY_ELSE),
    Row("gallery", ok=EVERYBODY, **NOBODY_ELSE),
    Row("livez", ok=EVERYBODY, public=True, **NOBODY_ELSE),
    Row("readyz", ok=EVERYBODY, public=True, **NOBODY_ELSE),
    Row("set_language", "POST", ok=EVERYBODY, public=True, body={"language": "en", "next": "/"}, **NOBODY_ELSE),
    Row("accounts:sign_in", ok=EVERYBODY, public=True, **NOBODY_ELSE),
    Row("accounts:sign_in", "POST", ok=EVERYBODY, public=True, body={"username": "nobody", "password": "x"}, **NOBODY_ELSE),
    Row("accounts:sign_out", "POST", ok=EVERYBODY, public=True, **NOBODY_ELSE),
    Row("accounts:change_password", ok=EVERYBODY, **NOBODY_ELSE),
    Row("accounts:change_password", "POST", ok=EVERYBODY, **NOBODY_ELSE),
    Row("accounts:password_changed", ok=EVERYBODY, **NOBODY_ELSE),
    Row("notifications:list", ok=EVERYBODY, **NOBODY_ELSE),
    Row("notifications:read_notices", "POST", ok=EVERYBODY, **NOBODY_ELSE),
    Row("notifications:choose_mail", ok=EVERYBODY, **NOBODY_ELSE),
    Row("notifications:choose_mail", "POST", ok=EVERYBODY, body={"mail_digest": "on"}, **NOBODY_ELSE),
    # A fresh token says nothing about any row; keeping text needs the right to see what it is about.
    Row("save_draft", ok=EVERYBODY, args=lambda row: ["edit_referral", uuid4()]),
    Row(
        "save_draft", "POST", of="draft", ok={"prosecutor", "clerk", "unit_head"}, body={"charge": "theft"},
        args=lambda row: ["edit_referral", row.pk],
    ),
]
