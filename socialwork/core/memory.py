"""How a process that answers many requests keeps house."""
from __future__ import annotations

import gc

# Objects made before the collector looks for circles among the young. The page of a list makes some twenty thousand and lets go
# of nearly all of them by itself; looked at every seven hundred, as Python does, they cost a tenth of the page's time. Looked at
# every fifty thousand, one page in forty waited 25 ms, and with it whoever stood behind it.
YOUNG = 10_000


def settle() -> None:
    """Once everything is loaded: what is there now stays as long as the process and is never looked at again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 10, 10)
