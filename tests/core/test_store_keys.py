"""Keys and fingerprints: alike exactly where a training would be alike."""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import json
import math
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.errors import SettingError
from core.store import Key, fingerprint
from core.store.plain import plain, text

DATA = fingerprint("photographs")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Adam:
    rate: float = 0.1


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sgd:
    rate: float = 0.1


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config:
    centroids: int = 64
    epsilon: float | None = 10.0
    sizes: tuple[int, ...] = (8, 16)
    optimiser: Adam | Sgd = dataclasses.field(default_factory=Adam)


def key(**changes: Any) -> Key:
    parts = {"learner": "kmeans", "version": 1, "config": Config(), "data": DATA, "seed": 0}
    return Key(**{**parts, **changes})


OTHERS = [
    {"learner": "rbm"},
    {"version": 2},
    {"data": fingerprint("digits")},
    {"seed": 1},
    {"config": Config(centroids=65)},
    {"config": Config(epsilon=math.nextafter(10.0, 11.0))},
    {"config": Config(epsilon=None)},
    {"config": Config(sizes=(16, 8))},
    {"config": Config(optimiser=Sgd())},
    {"config": Config(optimiser=Adam(rate=0.2))},
]


def test_every_part_of_the_key_changes_its_name() -> None:
    names = [key().name, *(key(**change).name for change in OTHERS)]
    assert len(set(names)) == len(names)
    assert key().name == key(config=Config()).name


def test_name_is_readable_and_is_the_hash_of_the_canonical_json() -> None:
    canonical = (
        '{"config":{"centroids":64,"class":"Config","epsilon":10.0,'
        '"optimiser":{"class":"Adam","rate":0.1},"sizes":[8,16]},'
        f'"data":"{hashlib.sha256(b"text 11" + bytes([10]) + b"photographs").hexdigest()}",'
        '"learner":"kmeans","seed":0,"version":1}'
    )
    assert key().name == f"kmeans-{hashlib.sha256(canonical.encode()).hexdigest()[:20]}"


@pytest.mark.parametrize(
    ("setting", "given"),
    [
        ("learner", "K means"),
        ("learner", "../kmeans"),
        ("learner", ""),
        ("learner", "k" * 61),
        ("learner", 3),
        ("version", 0),
        ("version", True),
        ("version", "1"),
        ("seed", -1),
        ("seed", 0.0),
        ("data", "photographs"),
        ("data", DATA[:-1] + "G"),
        ("config", {"centroids": 64}),
        ("config", Config),
    ],
)
def test_parts_that_are_none_are_refused(setting: str, given: object) -> None:
    with pytest.raises(SettingError) as caught:
        key(**{setting: given})
    assert caught.value.setting == setting
    assert caught.value.given == given


@pytest.mark.parametrize("epsilon", [math.nan, math.inf, -math.inf])
def test_config_with_a_number_json_lacks_is_refused_by_its_path(epsilon: float) -> None:
    with pytest.raises(SettingError, match=r"config\.epsilon: wanted a finite number"):
        key(config=Config(epsilon=epsilon))


@pytest.mark.parametrize(
    ("value", "where"),
    [
        ({"a": [1, {2, 3}]}, "metrics.a[1]"),
        ({"a": {1: 2}}, "metrics.a"),
        ({"a": np.arange(3)}, "metrics.a"),
        ({"a": torch.tensor(1.0)}, "metrics.a"),
        ({"a": (0.0, float("nan"))}, "metrics.a[1]"),
        ({"a": np.float32("inf")}, "metrics.a"),
        ({"a": Adam}, "metrics.a"),
    ],
)
def test_what_json_cannot_hold_is_named(value: Any, where: str) -> None:
    with pytest.raises(SettingError) as caught:
        plain(value, "metrics")
    assert caught.value.setting == where


class Level(enum.IntEnum):
    HIGH = 3


class Colour(enum.StrEnum):
    GREY = "grey"


def test_scalars_of_numpy_and_enumerations_become_plain() -> None:
    value = plain(
        {
            "loss": np.float32(0.5),
            "epochs": np.int64(3),
            "done": np.bool_(True),
            "level": Level.HIGH,
            "colour": Colour.GREY,
            "sizes": (1, 2),
            "none": None,
        },
        "metrics",
    )
    wanted = {
        "loss": 0.5,
        "epochs": 3,
        "done": True,
        "level": 3,
        "colour": "grey",
        "sizes": [1, 2],
        "none": None,
    }
    assert value == wanted
    assert [type(v) for v in value.values()] == [type(v) for v in wanted.values()]


VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    # Every text that Python can hold, lone surrogates included.
    | st.text(st.characters()),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(VALUES)
def test_plain_values_return_from_json_unchanged_and_in_one_order(value: Any) -> None:
    there = plain(value, "value")
    assert json.loads(text(there)) == there == value
    if isinstance(value, dict):
        assert text(plain(dict(reversed(value.items())), "value")) == text(there)


DTYPES = ["float64", "float32", "float16", "int64", "int8", "uint8", "bool", "complex64"]


@pytest.mark.parametrize("dtype", DTYPES)
def test_array_and_tensor_of_one_content_have_one_fingerprint(dtype: str) -> None:
    array = np.arange(24).reshape(2, 3, 4).astype(dtype)
    wanted = fingerprint(array)
    tensor = torch.from_numpy(array.copy())
    assert fingerprint(tensor) == wanted
    assert fingerprint(torch.nn.Parameter(tensor, requires_grad=False)) == wanted
    assert fingerprint(np.asfortranarray(array)) == wanted
    assert fingerprint(tensor.permute(2, 0, 1).contiguous().permute(1, 2, 0)) == wanted
    assert fingerprint(array.astype(array.dtype.newbyteorder(">"))) == wanted


def test_fingerprint_is_sha256_over_labelled_parts() -> None:
    array = np.array([[1, 2]], dtype="<u2")
    stream = b"uint16 [1, 2] 4\n" + bytes([1, 0, 2, 0]) + b"text 2\n" + "ä".encode()
    assert fingerprint(array, "ä") == hashlib.sha256(stream).hexdigest()


def test_fingerprint_tells_content_dtype_shape_order_and_borders_apart() -> None:
    a = np.arange(6, dtype=np.int32)
    changed = a.copy()
    changed[-1] += 1
    several: list[tuple[Any, ...]] = [
        (),
        (a,),
        (changed,),
        (a.reshape(2, 3),),
        (a.reshape(3, 2),),
        (a.astype(np.uint32),),
        (a.astype(np.int64),),
        (a[:0],),
        (a[:0].reshape(0, 4),),
        (np.array(0, dtype=np.int32),),
        (np.array([0], dtype=np.int32),),
        (torch.zeros(2, dtype=torch.bfloat16),),
        (torch.zeros(2, dtype=torch.float16),),
        ("",),
        ("ab",),
        ("a", "b"),
        ("b", "a"),
        ("a", "b", ""),
        ("\udc80",),
        (a, "a"),
        ("a", a),
        (a[:3], a[3:]),
    ]
    assert len({fingerprint(*parts) for parts in several}) == len(several)


@pytest.mark.parametrize(
    "part", [np.array(["a", None]), torch.eye(2).to_sparse(), b"bytes", [1.0], None]
)
def test_fingerprint_refuses_what_has_no_plain_content(part: Any) -> None:
    with pytest.raises(SettingError, match="part 1 of the data"):
        fingerprint("a", part)


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs an NVIDIA GPU")
def test_fingerprint_does_not_depend_on_the_device() -> None:
    tensor = torch.arange(6.0)
    assert fingerprint(tensor.cuda()) == fingerprint(tensor)
