"""Slices of a fit over many workers that go wrong; see test_topics_distributed."""

from __future__ import annotations

import os
import signal
from typing import Any


def stumbles(job_id: str, *sent: Any, **ways: Any) -> None:
    raise ZeroDivisionError("slice of nothing")


def dies(job_id: str, *sent: Any, **ways: Any) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
