"""`recorded` is sent inside the transaction, once per business act, with `event` and `target`."""
from django.dispatch import Signal

recorded = Signal()
