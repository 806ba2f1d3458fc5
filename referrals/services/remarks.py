"""Prose that goes with an act."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from referrals.models import Referral, Remark
from socialwork.people.dossiers import open_dossier


def say(referral: Referral, kind: Remark.Kind, body: str, *, by: Any, at: datetime, code: str = "") -> Remark:
    """Keep a reason, question or answer under the child's dossier key."""
    remark = Remark(referral=referral, kind=kind, code=code, said_at=at, said_by=by, created_at=at)
    open_dossier(referral.juvenile_id).write(remark, body=body)
    remark.save(force_insert=True)
    return remark
