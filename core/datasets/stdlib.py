"""The source of Python's own standard library: a text of some ten million characters that lies on
every machine that can run this. Tests and installed packages are left out.
"""

from __future__ import annotations

import hashlib
import sysconfig
import tokenize
from pathlib import Path

LEFT_OUT = {"test", "tests", "site-packages", "dist-packages", "idlelib", "lib2to3", "__pycache__"}


def files() -> list[Path]:
    """The modules, in an order that mixes subjects and is the same on every machine."""
    root = Path(sysconfig.get_path("stdlib"))
    found = [p for p in root.rglob("*.py") if not LEFT_OUT & set(p.relative_to(root).parts)]
    return sorted(
        found, key=lambda p: hashlib.sha256(p.relative_to(root).as_posix().encode()).digest()
    )


def source(most: int | None = None) -> str:
    """All modules one after another, or the first of them up to `most` characters."""
    parts, total = [], 0
    for path in files():
        with tokenize.open(path) as file:  # in the encoding that the module names itself
            parts.append(file.read())
        total += len(parts[-1])
        if most is not None and total >= most:
            break
    return "".join(parts)[:most]
