"""What is wrong in a text that was typed or uploaded, told with its place."""

from __future__ import annotations

from typing import NamedTuple


class Problem(NamedTuple):
    """`message` is a sentence; lines and columns count from 1."""

    line: int
    column: int
    message: str
    fatal: bool = True  # False: a warning, what was read can be used

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}: {self.message}"
