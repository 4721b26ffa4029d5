"""COCO detectors without trained weights: random ones, made confident, in files that look real."""

from __future__ import annotations

import hashlib
import http.client
import io
import os
import urllib.error
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision.models import get_model, get_model_weights
from torchvision.models._api import WeightsEnum
from torchvision.ops import FrozenBatchNorm2d

from core.datasets.images import sample
from core.detection import catalogue, coco, inside_coco, weights
from core.errors import SettingError, StoreError, UnavailableError
from tests.bench.bench_detection import confident

CPU = torch.device("cpu")
QUICK = coco.MODELS[:2]
URL = "https://weights.test/models/"


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No weights of this machine, and no network."""
    monkeypatch.setattr(torch.hub, "get_dir", lambda: str(tmp_path / "hub"))
    monkeypatch.delenv(weights.ENVIRONMENT, raising=False)
    monkeypatch.setattr(weights.urllib.request, "urlopen", refuse)
    return tmp_path


def refuse(*_: object, **__: object) -> None:
    raise urllib.error.URLError("Network is unreachable")


def official(name: str, state: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> torch.nn.Module:
    """The model as torchvision itself builds it around trained weights."""
    monkeypatch.setattr(WeightsEnum, "get_state_dict", lambda *_, **__: state)
    return get_model(name, weights=get_model_weights(name).DEFAULT).eval()


def put(state: object, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Saves `state` under the name that its digest gives, which becomes every model's source."""
    file = io.BytesIO()
    torch.save(state, file)
    data = file.getvalue()
    name = f"random-{hashlib.sha256(data).hexdigest()[:8]}.pth"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)
    source = weights.Source(URL + name, len(data) / 2**20)
    monkeypatch.setattr(coco, "source", lambda _: source)
    return folder / name


@pytest.mark.parametrize("name", QUICK)
def test_outputs_are_torchvisions(name: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    image = sample("astronaut")[:400]
    model = official(name, confident(name, image).state_dict(), monkeypatch)
    # Saved from torchvision's own model, frozen batch norms included, as the real files are.
    monkeypatch.setenv(weights.ENVIRONMENT, str(home))
    put(model.state_dict(), home, monkeypatch)

    preset = get_model_weights(name).DEFAULT.transforms()
    with torch.inference_mode():
        out = model([preset(Image.fromarray(image))])[0]
    names = get_model_weights(name).DEFAULT.meta["categories"]
    expected = sorted(
        (
            (score, names[label], box)
            for score, label, box in zip(
                out["scores"].tolist(), out["labels"].tolist(), out["boxes"].tolist(), strict=True
            )
            if score >= coco.FLOOR and names[label] != "N/A"
        ),
        key=lambda row: -row[0],
    )
    [found] = coco.load(name, where=CPU).detect([image])
    assert len(found) == len(expected) >= 5
    assert [d.score for d in found] == sorted((d.score for d in found), reverse=True)
    # Frozen and plain batch norms round differently, so near ties may swap places.
    for score, label, box in expected:
        twins = [d for d in found if d.label == label and np.allclose(d.box, box, atol=0.1)]
        assert any(abs(d.score - score) < 2e-3 for d in twins)


@pytest.mark.parametrize("name", coco.MODELS)
def test_what_is_built_is_what_torchvision_builds(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without forward passes: same parameters, same shapes, same epsilons, same thresholds."""

    def traits(model: torch.nn.Module) -> dict[str, object]:
        state = model.state_dict().items()
        found: dict[str, object] = {
            key: tuple(v.shape) for key, v in state if "num_batches_tracked" not in key
        }
        for key, part in model.named_modules():
            if isinstance(part, (torch.nn.BatchNorm2d, FrozenBatchNorm2d, torch.nn.GroupNorm)):
                found[key + ".eps"] = part.eps
            for trait in ("score_thresh", "nms_thresh", "min_size", "max_size", "image_mean"):
                if hasattr(part, trait):
                    found[f"{key}.{trait}"] = getattr(part, trait)
        return found

    monkeypatch.setattr(torch.nn.Module, "load_state_dict", lambda *_, **__: None)
    with torch.device("meta"):
        theirs = official(name, {}, monkeypatch)
        monkeypatch.setattr(weights, "load", lambda _: {})
        monkeypatch.setattr(
            coco.Coco, "__init__", lambda self, model, *_: vars(self).update(m=model)
        )
        ours = coco.load(name, where=CPU)
    assert traits(vars(ours)["m"]) == traits(theirs)


class Fixed(torch.nn.Module):
    """Answers with what it was given, and keeps what it was asked."""

    def __init__(self, scores: list[float], labels: list[int], boxes: list[list[float]]) -> None:
        super().__init__()
        self.answer = {
            "scores": torch.tensor(scores),
            "labels": torch.tensor(labels),
            "boxes": torch.tensor(boxes),
        }

    def forward(self, x: list[torch.Tensor]) -> list[dict[str, torch.Tensor]]:
        assert not torch.is_grad_enabled() and not self.training
        self.asked = x[0]
        return [self.answer]


def test_answers_become_detections() -> None:
    boxes = [
        [0.0, 0, 5, 5],
        [1, 2, 3, 4],
        [-4, -4, 50, 5],
        [2, 2, 2, 6],
        [0, 0, 4, 4],
        [1, 1, 2, 2],
    ]
    model = Fixed([0.05, 0.9, 0.5, 0.8, 0.049, 0.7], [1, 17, 90, 1, 1, 12], boxes)
    detector = coco.Coco(model, coco.ids(coco.MODELS[0]), CPU)
    image = np.arange(6 * 8 * 3, dtype=np.uint8).reshape(6, 8, 3)
    [found] = detector.detect([image[:, ::-1]])  # a view with negative strides is welcome
    # Sorted; number 12 has no name; an empty box and one under the floor are dropped; clipped.
    assert [(d.label, d.box) for d in found] == [
        ("cat", (1, 2, 3, 4)),
        ("toothbrush", (0, 0, 8, 5)),
        ("person", (0, 0, 5, 5)),
    ]
    expected = torch.from_numpy(image[:, ::-1].copy()).permute(2, 0, 1) / 255
    assert torch.equal(model.asked, expected) and model.asked.dtype == torch.float32


@pytest.mark.parametrize("name", QUICK)
def test_the_limit_is_torchvisions(name: str) -> None:
    image = sample("astronaut")[:400]
    detector = coco.Coco(confident(name, image), coco.ids(name), CPU, name)
    strict = detector.suppressing(0.2)
    assert (strict.limit, strict.name, strict.labels) == (0.2, name, detector.labels)
    assert detector.limit == pytest.approx(inside_coco.head(detector.model).nms_thresh) != 0.2
    assert all(
        a is b for a, b in zip(strict.model.parameters(), detector.model.parameters(), strict=True)
    )
    before = detector.detect([image])[0]
    inside_coco.head(detector.model).nms_thresh = 0.2
    [expected] = detector.detect([image])
    inside_coco.head(detector.model).nms_thresh = before_limit = 0.95
    assert strict.detect([image])[0] == expected != before
    assert detector.limit == before_limit


def test_pictures_of_other_sizes_at_once() -> None:
    images = [sample("astronaut")[:400], sample("coffee")]
    detector = coco.Coco(confident(QUICK[0], images[0]), coco.ids(QUICK[0]), CPU)
    together = detector.detect(images)
    for image, found in zip(images, together, strict=True):
        [alone] = detector.detect([image])
        assert len(found) == len(alone) > 0
        np.testing.assert_allclose(found.scores, alone.scores, atol=1e-4)
    assert detector.detect([]) == []


def test_labels_are_cocos() -> None:
    for name in coco.MODELS:
        ids = coco.ids(name)
        assert len(ids) == 80 and "N/A" not in ids and "__background__" not in ids
        assert (ids["person"], ids["cat"], ids["toothbrush"]) == (1, 17, 90)
    spec = catalogue.find("ssdlite")
    assert spec.weights == coco.MODELS[0] and spec.labels[:2] == ("person", "bicycle")
    kinds = [s.weights for s in catalogue.DETECTORS.values() if s.weights]
    assert kinds == list(coco.MODELS)


def test_unknown_model() -> None:
    with pytest.raises(SettingError, match="model: wanted one of ssdlite320.*got yolo"):
        coco.source("yolo")


def test_sources_are_torchvisions() -> None:
    source = coco.source(coco.MODELS[0])
    assert source.file == "ssdlite320_mobilenet_v3_large_coco-a79551df.pth"
    assert source.megabytes == pytest.approx(13.4, abs=0.1)
    assert all(weights.DIGEST.search(coco.source(name).file) for name in coco.MODELS)


def test_the_folder_comes_before_the_cache(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = coco.MODELS[0]
    assert coco.status(name) == (None, coco.source(name).megabytes)
    cached = home / "hub" / "checkpoints" / coco.source(name).file
    cached.parent.mkdir(parents=True)
    cached.write_bytes(b"x")
    assert coco.status(name)[0] == cached
    monkeypatch.setenv(weights.ENVIRONMENT, str(home / "own"))
    assert coco.status(name)[0] == cached
    own = home / "own" / cached.name
    own.parent.mkdir()
    own.write_bytes(b"y")
    assert coco.status(name)[0] == own


def test_missing_weights_say_how_to_provide_them(home: Path) -> None:
    with pytest.raises(UnavailableError) as caught:
        catalogue.find("ssdlite").load()
    text = str(caught.value)
    assert "a79551df.pth is not on this machine" in text and str(home / "hub") in text
    assert "VITRINE_WEIGHTS" in text and coco.source(coco.MODELS[0]).url in text


def test_a_flipped_bit_is_noticed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put({"a": torch.zeros(9)}, home / "hub" / "checkpoints", monkeypatch)
    assert weights.load(coco.source("any")) == {"a": pytest.approx(torch.zeros(9))}
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    with pytest.raises(UnavailableError, match=f"{path.name} is damaged or another file.*Remove"):
        weights.load(coco.source("any"))


def test_weights_of_another_model(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put({"a": torch.zeros(9)}, home / "hub" / "checkpoints", monkeypatch)
    with pytest.raises(UnavailableError, match=f"{path.name} holds weights of another model"):
        coco.load(coco.MODELS[0])


class Trap:
    """What an attacker's file would hold."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("exit 1",)


@pytest.mark.parametrize("content", [b"", b"no tensors here", Trap()])
def test_files_that_hold_no_tensors(
    content: object, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = home / "hub" / "checkpoints"
    if isinstance(content, bytes):
        folder.mkdir(parents=True)
        (folder / "plain.pth").write_bytes(content)
        source = weights.Source(URL + "plain.pth", 1.0)  # no digest in the name: not checked
    else:
        put(content, folder, monkeypatch)
        source = coco.source("any")
    monkeypatch.setattr(os, "system", lambda _: pytest.fail("the file's code ran"))
    with pytest.raises(UnavailableError, match="cannot be read as weights"):
        weights.load(source)


class Network:
    """Stands in for urlopen: hands out `data` in pieces, then raises `failure` if there is one."""

    def __init__(self, data: bytes, failure: Exception | None = None) -> None:
        self.data, self.failure, self.closed = io.BytesIO(data), failure, False

    def __call__(self, url: str, timeout: float) -> Network:
        assert url.startswith("https://") and 0 < timeout <= 60
        return self

    def __enter__(self) -> Network:
        return self

    def __exit__(self, *_: object) -> None:
        self.closed = True

    def read(self, count: int) -> bytes:
        piece = self.data.read(count)
        if not piece and self.failure:
            raise self.failure
        return piece


@pytest.fixture
def parcel(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[bytes, weights.Source]]:
    """Two thirds of a megabyte of tensors, and a source that announces them."""
    path = put({"a": torch.ones(170_000)}, home / "elsewhere", monkeypatch)
    data = path.read_bytes()
    yield data, weights.Source(URL + path.name, len(data) / 2**20)


def cache_of(home: Path) -> list[str]:
    return sorted(path.name for path in (home / "hub" / "checkpoints").glob("*"))


def test_fetch(
    parcel: tuple[bytes, weights.Source], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, source = parcel
    network = Network(data)
    monkeypatch.setattr(weights.urllib.request, "urlopen", network)
    shares = list(coco.fetch(coco.MODELS[0]))
    assert shares == sorted(shares) and shares[-1] == 1.0 and len(shares) == 4
    assert shares[0] == pytest.approx(weights.CHUNK / len(data)) and network.closed
    assert cache_of(home) == [source.file]
    assert torch.equal(weights.load(source)["a"], torch.ones(170_000))


def test_fetch_stopped_halfway_leaves_nothing(
    parcel: tuple[bytes, weights.Source], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, source = parcel
    network = Network(data)
    monkeypatch.setattr(weights.urllib.request, "urlopen", network)
    progress = coco.fetch(coco.MODELS[0])
    next(progress)
    assert len(cache_of(home)) == 1 and cache_of(home) != [source.file]
    progress.close()
    assert cache_of(home) == [] and network.closed


FAILURES = [
    (0, TimeoutError("timed out"), "timed out"),
    (0, http.client.IncompleteRead(b""), "IncompleteRead"),
    (0, urllib.error.HTTPError(URL, 404, "Not Found", http.client.HTTPMessage(), None), "404"),
    (-1000, None, "is damaged or another file"),
    (900_000, None, "sent more than the 1 MB announced"),
]


@pytest.mark.parametrize(("extra", "failure", "message"), FAILURES)
def test_fetch_of_no_good(
    extra: int,
    failure: Exception | None,
    message: str,
    parcel: tuple[bytes, weights.Source],
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data, source = parcel
    sent = data[:extra] if extra < 0 else data + bytes(extra)
    monkeypatch.setattr(weights.urllib.request, "urlopen", Network(sent, failure))
    with pytest.raises(UnavailableError, match=message):
        list(weights.fetch(source))
    assert cache_of(home) == []


def test_no_network(home: Path) -> None:
    with pytest.raises(UnavailableError, match="unreachable.*by hand, put ssdlite320.*VITRINE_W"):
        list(coco.fetch(coco.MODELS[0]))
    assert cache_of(home) == []


def test_a_disk_that_refuses(
    parcel: tuple[bytes, weights.Source], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, source = parcel
    monkeypatch.setattr(weights.urllib.request, "urlopen", Network(data))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(weights.os, "replace", full)
    with pytest.raises(StoreError, match="No space left"):
        list(weights.fetch(source))
    assert cache_of(home) == []
    (home / "hub" / "checkpoints").rmdir()
    (home / "hub" / "checkpoints").write_text("a file where the folder should be")
    with pytest.raises(StoreError, match="cannot be written to"):
        list(weights.fetch(source))


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_cuda_agrees(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = coco.MODELS[0]
    put(
        confident(name, sample("astronaut")).state_dict(), home / "hub" / "checkpoints", monkeypatch
    )
    here = list(coco.load(name, where=CPU).detect([sample("astronaut")])[0])[:5]
    there = list(coco.load(name, where=torch.device("cuda")).detect([sample("astronaut")])[0])[:5]
    assert [d.label for d in here] == [d.label for d in there]
    np.testing.assert_allclose([d.box for d in here], [d.box for d in there], atol=2)
