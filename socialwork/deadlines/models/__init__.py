"""Days, rules, and the clocks that run under them."""
from socialwork.deadlines.models.clocks import Deadline, DeadlineExtension, DeadlinePause, DeadlineReminder
from socialwork.deadlines.models.days import Holiday
from socialwork.deadlines.models.rules import DeadlineRule

__all__ = ["Deadline", "DeadlineExtension", "DeadlinePause", "DeadlineReminder", "DeadlineRule", "Holiday"]
