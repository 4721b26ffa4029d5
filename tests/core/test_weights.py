"""What a visitor downloads opens with the safetensors library and says how it came to be."""

from __future__ import annotations

import json

import numpy as np
from safetensors import safe_open
from safetensors.numpy import load

from core.weights import to_safetensors


def test_it_reads_back(tmp_path) -> None:
    D = np.arange(6, dtype=np.float32).reshape(2, 3).T  # not contiguous
    data = to_safetensors({"D": D}, {"k": 2, "eps_zca": None, "name": "<é>"})
    np.testing.assert_array_equal(load(data)["D"], D)
    (tmp_path / "x.safetensors").write_bytes(data)
    with safe_open(tmp_path / "x.safetensors", "np") as file:
        about = {key: json.loads(value) for key, value in file.metadata().items()}
    assert about == {"k": 2, "eps_zca": None, "name": "<é>"}
