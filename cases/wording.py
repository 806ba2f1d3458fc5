"""The tone in which a state is shown: one of ok, warn, danger, done, info, neutral (docs/interface.md)."""

from __future__ import annotations

CASE_TONES = {
    "accepted": "info",
    "in_progress": "ok",
    "suspended": "warn",
    "submitted": "info",
    "returned": "danger",
    "report_accepted": "ok",
    "evaluated": "ok",
    "closed": "done",
    "cancelled": "done",
    "transferred": "done",
}
PLAN_TONES = {"draft": "neutral", "proposed": "info", "approved": "ok", "returned": "danger", "superseded": "done"}
RECORD_TONES = {"submitted": "info", "returned": "danger", "reviewed": "done"}
RISK_TONES = {"low": "ok", "medium": "warn", "high": "danger", "very_high": "danger"}
