"""Settings and results as plain JSON values, and the one text that stands for each.

plain(value)    dataclasses, dicts, lists, numbers, text -> what json gives back, exactly
text(value)     the canonical text: keys in order, no spaces, no NaN
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from core.errors import SettingError, require


def plain(value: Any, where: str) -> Any:
    """`value` as JSON gives it back: dataclasses become dicts with their class, tuples lists.

    Raises SettingError, with `where` before the path inside, for what JSON cannot hold: NaN and
    infinity, keys that are not text, objects of other kinds.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        # `class` can be no field's name; it tells Adam(rate=1) from Sgd(rate=1) within a Config.
        fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        return {"class": type(value).__name__, **plain(fields, where)}
    if isinstance(value, Mapping):
        for name in value:
            require(isinstance(name, str), where, wanted="keys that are text", given=name)
        return {str(name): plain(item, f"{where}.{name}") for name, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, f"{where}[{i}]") for i, item in enumerate(value)]
    if isinstance(value, float):
        require(math.isfinite(value), where, wanted="a finite number", given=value)
        return float(value)
    if value is None or isinstance(value, (bool, int, str)):
        return json.loads(json.dumps(value))  # an enumeration's member becomes its value
    raise SettingError(where, wanted="numbers, text, lists or dataclasses of them", given=value)


def text(value: Any) -> str:
    """The canonical JSON of a plain value. Raises ValueError for NaN and infinity."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)
