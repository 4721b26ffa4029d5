"""Arrays as one safetensors file, for the visitor to take home."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from safetensors.numpy import save


def to_safetensors(arrays: Mapping[str, ArrayLike], about: Mapping[str, Any]) -> bytes:
    """The named `arrays` with `about`, how they came to be, in the file's own metadata."""
    packed = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    return save(packed, metadata={key: json.dumps(value) for key, value in about.items()})
