"""Probabilities as people read them, however small: from their logarithm."""

from __future__ import annotations

import math

RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
LEAST = -3  # powers of ten below are written as such


def figure(log_p: float, digits: int = 4) -> str:
    """exp(log_p), natural logarithm, in `digits` digits: 0.21, 5.292 × 10⁻⁵, or 0."""
    if log_p == -math.inf:
        return "0"
    exact = log_p / math.log(10)
    power = math.floor(exact + 1e-12)
    lead = 10 ** (exact - power)
    if round(lead, digits - 1) >= 10:
        lead, power = lead / 10, power + 1
    if power >= LEAST:
        return f"{lead * 10.0**power:.{digits}g}"
    return f"{lead:.{digits}g} × 10{str(power).translate(RAISED)}"
