"""What may become of an export: asked for, approved by a second person where that is needed, made, kept for a while."""
from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from socialwork.exporting.wording import ExportState
from socialwork.workflow.transitions import Machine, Transition

S = ExportState

EXPORT = Machine.of(
    [
        Transition("approve_export", frozenset({S.WAITING}), S.QUEUED, "export.approved", _("Approve"), ("decided",),
                   actors=("unit_head", "agency_manager"), needs=_("a second person of the same organisation")),
        Transition("refuse_export", frozenset({S.WAITING}), S.REFUSED, "export.refused", _("Refuse"), ("decided",),
                   actors=("unit_head", "agency_manager"), needs=_("a reason")),
        Transition("finish_export", frozenset({S.QUEUED}), S.READY, "export.finished", _("Finish"),
                   needs=_("by the worker process, in the name of the person who asked")),
        Transition("fail_export", frozenset({S.QUEUED}), S.FAILED, "export.failed", _("Give up"),
                   needs=_("by the worker process, in the name of the person who asked")),
        Transition("destroy_export", frozenset({S.WAITING, S.QUEUED, S.READY, S.FAILED}), S.EXPIRED, "export.destroyed",
                   _("Destroy"), needs=_("by the person who asked, or by the clock after a day")),
    ]
)
