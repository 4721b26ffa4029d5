"""What Vitrine adds to a detector: decoding, resizing, boxes and drawing, beside the bare model.

    python -m tests.bench.bench_detection [rounds]

One 640 x 480 JPEG. Bare: the model's own call on the decoded picture. All: pipeline.run on the
file, then annotate at a threshold that leaves about ten boxes. They take turns, the best
of each counts, which a busy machine falsifies least. Goal: all <= 1.25 x bare. SSDlite has
random weights, so its boxes mean nothing.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import cv2
import numpy as np
import torch
from torchvision.models import get_model

from core import device
from core.datasets.images import sample
from core.detection import coco, embedded, pipeline
from core.detection.catalogue import Detector

GOAL, BOXES = 1.25, 10


def jpeg() -> tuple[bytes, np.ndarray]:
    """The file and its pixels (480, 640, 3)."""
    picture = cv2.resize(sample("astronaut"), (640, 480), interpolation=cv2.INTER_CUBIC)
    data = cv2.imencode(".jpg", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))[1].tobytes()
    return data, cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR_RGB)


def confident(name: str, image: np.ndarray, background: float = 8.0) -> torch.nn.Module:
    """The torchvision detector `name` with random weights that behave like trained ones.

    Batch norms get the statistics of `image`; the last layer is loud, so that some boxes score
    high, and leans to the background by `background`, so that most score next to nothing.
    """
    with torch.random.fork_rng():
        torch.manual_seed(3)
        model = get_model(name, weights=None, weights_backbone=None, num_classes=91).train()
    for part in model.modules():
        if isinstance(part, torch.nn.BatchNorm2d):
            part.momentum = 1.0
    x = torch.from_numpy(np.ascontiguousarray(image)).permute(2, 0, 1)[None] / 127.5 - 1
    x = torch.nn.functional.interpolate(x, size=(320, 320))
    with torch.no_grad():
        features = model.backbone(torch.cat([x, x.flip(3)]))
        if hasattr(model, "head"):
            model.head(list(features.values()))
        for key, value in model.named_parameters():
            last = "classification_head" in key or "cls_score" in key
            if last and value.shape[0] % 91 == 0:
                if value.dim() == 1:
                    value.view(-1, 91)[:, 0] += background
                else:
                    value.mul_(8)
    return model.eval()


def contestants(image: np.ndarray) -> dict[str, tuple[Detector, Callable[[], object]]]:
    """Name -> (Vitrine's detector, the same model's bare call on the decoded picture)."""
    model = confident(coco.MODELS[0], image, 10.0).to(device.choose())
    x = (torch.from_numpy(image).permute(2, 0, 1).float() / 255).to(device.choose())

    def bare_ssdlite() -> object:
        with torch.inference_mode():
            return model([x])[0]["scores"].cpu()

    face, people = embedded.Haar(embedded.FACE), embedded.People()
    grey = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    cascade = cv2.CascadeClassifier(
        cv2.data.haarcascades + f"haarcascade_{embedded.FACE.cascade}.xml"
    )
    hog = cv2.HOGDescriptor()
    hog.setSVMDetector(cv2.HOGDescriptor.getDefaultPeopleDetector())
    return {
        "SSDlite 320": (
            coco.Coco(model, coco.ids(coco.MODELS[0]), device.choose()),
            bare_ssdlite,
        ),
        "Haar face": (
            face,
            lambda: cascade.detectMultiScale3(
                grey, scaleFactor=1.1, minNeighbors=5, minSize=(24, 24), outputRejectLevels=True
            ),
        ),
        "HOG people": (
            people,
            lambda: hog.detectMultiScale(image, winStride=(8, 8), padding=(16, 16), scale=1.05),
        ),
    }


def timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main(rounds: int) -> None:
    data, image = jpeg()
    print(f"on {device.describe(device.choose())}, {rounds} rounds, the best")
    print(f"{'':12}{'bare ms':>9}{'all ms':>9}{'ratio':>7}{'boxes':>6}   stages, ms")
    for name, (detector, bare) in contestants(image).items():
        scores = sorted((d.score for d in pipeline.run(data, detector).detections), reverse=True)
        threshold = scores[BOXES - 1] if len(scores) > BOXES else 0.0
        alone, whole, stages = [], [], []

        def everything(detector: Detector = detector, threshold: float = threshold) -> None:
            shown = pipeline.annotate(pipeline.run(data, detector), threshold=threshold)
            stages.append((shown.seconds, len(shown.detections)))  # noqa: B023

        bare()
        for _ in range(rounds):
            alone.append(timed(bare))
            whole.append(timed(everything))
        ratio = min(whole) / min(alone)
        detail = "  ".join(
            f"{stage} {min(s[stage] for s, _ in stages) * 1e3:.1f}" for stage in stages[0][0]
        )
        verdict = "" if ratio <= GOAL else f"   over the goal of {GOAL}"
        print(
            f"{name:12}{min(alone) * 1e3:9.1f}{min(whole) * 1e3:9.1f}{ratio:7.2f}"
            f"{stages[0][1]:6}   {detail}{verdict}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 30)
