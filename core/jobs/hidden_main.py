"""Start a process that does not run the main script again.

multiprocessing tells a new process where the parent's __main__ came from, and the process runs
that file before its own work. Under Streamlit __main__ is the page of whichever visitor ran
last, so every job would run a page. Jobs never need it: their functions come from modules.

Blanking __main__ for the duration of the start would race with the script threads that replace
it, so the answer of multiprocessing is trimmed instead, only for the thread that asks for it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import spawn
from typing import Any

_here = threading.local()
_plain = spawn.get_preparation_data


def _trimmed(name: str) -> dict[str, Any]:
    data = _plain(name)
    if getattr(_here, "hidden", False):
        data.pop("init_main_from_name", None)
        data.pop("init_main_from_path", None)
    return data


spawn.get_preparation_data = _trimmed


@contextmanager
def hidden_main() -> Iterator[None]:
    """Processes that this thread starts inside the block do not see the main script."""
    _here.hidden = True
    try:
        yield
    finally:
        _here.hidden = False
