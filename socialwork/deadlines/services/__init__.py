"""Verbs of the clock: keyword-only, inside the caller's transaction; rights are the caller's to check."""
from socialwork.deadlines.queries import next_open, next_open_for
from socialwork.deadlines.services.clocks import cancel, change_custody, hand_over, meet, start
from socialwork.deadlines.services.loading import load_holidays, load_rules
from socialwork.deadlines.services.pausing import extend, pause, resume
from socialwork.deadlines.services.reminding import remind
from socialwork.deadlines.services.ruling import adopt_rule, preview_rule_change, recompute_open

__all__ = [
    "adopt_rule",
    "cancel",
    "change_custody",
    "extend",
    "hand_over",
    "load_holidays",
    "load_rules",
    "meet",
    "next_open",
    "next_open_for",
    "pause",
    "preview_rule_change",
    "recompute_open",
    "remind",
    "resume",
    "start",
]
