"""Numbers within equations."""

from __future__ import annotations

import math


def tex(value: float, digits: int = 4) -> str:
    """So many digits, very large and very small ones in tens of a power."""
    if not math.isfinite(value):
        return r"\infty" if value > 0 else r"-\infty"
    if value == 0:
        return "0"
    power = math.floor(math.log10(abs(value)))
    if -4 <= power < 5:
        told = f"{value:.{max(0, digits - 1 - power)}f}"
        return told.rstrip("0").rstrip(".") if "." in told else told
    return rf"{value / 10**power:.{digits - 1}f} \times 10^{{{power}}}"
