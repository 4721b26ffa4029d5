"""A visitor's own detector beside the bare session: `python -m tests.bench.bench_onnx [rounds]`.

YOLOX-nano on the 60 VOC photographs of ../shared/data: quality by pycocotools (score >= .01, NMS
.45, COCO's names mapped to VOC's), and milliseconds a picture. Bare: onnxruntime's own session on
a picture that is prepared already. All: Onnx.detect on the decoded photograph. They take turns.
Wanted: AP50 >= .79, AP >= .53; all <= 1.25 x bare.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import time
from pathlib import Path

import numpy as np
import onnxruntime as ort
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

from core import device
from core.datasets.images import decode
from core.detection import onnx_detector, onnx_picture
from core.detection.catalogue import Detector

DATA = Path(__file__).parents[2] / "../shared/data"
VOC = {
    "motorcycle": "motorbike",
    "airplane": "aeroplane",
    "potted plant": "pottedplant",
    "dining table": "diningtable",
    "couch": "sofa",
    "tv": "tvmonitor",
}
GOALS = {"AP": 0.53, "AP50": 0.79}


def photographs() -> list[tuple[int, np.ndarray]]:
    """Number and pixels of each of the 60."""
    folder = DATA / "photos/voc60"
    entries = json.loads((folder / "instances.json").read_text("utf-8"))["images"]
    return [
        (one["id"], decode(next(folder.rglob(one["file_name"])).read_bytes(), one["file_name"]))
        for one in entries
    ]


def quality(detector: Detector, photos: list[tuple[int, np.ndarray]]) -> dict[str, float]:
    """AP and AP50 of `detector`, by pycocotools."""
    with contextlib.redirect_stdout(io.StringIO()):
        truth = COCO(str(DATA / "photos/voc60/instances.json"))
        number = {one["name"]: one["id"] for one in truth.dataset["categories"]}
        rows = []
        for picture, pixels in photos:
            [found] = detector.detect([pixels])
            for one in found:
                label = VOC.get(one.label, one.label)
                if label in number:
                    x0, y0, x1, y1 = one.box
                    box = [x0, y0, x1 - x0, y1 - y0]
                    rows.append(
                        {
                            "image_id": picture,
                            "category_id": number[label],
                            "bbox": box,
                            "score": one.score,
                        }
                    )
        judged = COCOeval(truth, truth.loadRes(rows), "bbox")
        judged.evaluate()
        judged.accumulate()
        judged.summarize()
    return {"AP": float(judged.stats[0]), "AP50": float(judged.stats[1])}


def main(rounds: int) -> None:
    data = (DATA / "detectors/yolox_nano.onnx").read_bytes()
    model = onnx_detector.examine(data, "yolox_nano.onnx")
    layout = model.guesses[0].layout
    detector = onnx_detector.spec(model, layout).load()
    photos = photographs()
    print(f"YOLOX-nano, on {device.describe(device.choose())}, {rounds} rounds")
    for name, value in quality(detector, photos).items():
        print(f"track_{name:6}{value:8.3f}   wanted {GOALS[name]}")
    options = ort.SessionOptions()
    options.intra_op_num_threads = max(1, device.THREADS - 1)  # as the detector's own session
    bare = ort.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    alone, whole = [], []
    for _ in range(rounds):
        for _, pixels in photos:
            x = onnx_picture.batch([onnx_picture.fit(pixels, layout)], layout, model.file)
            started = time.perf_counter()
            bare.run(None, {model.file.image.name: x})
            alone.append(time.perf_counter() - started)
            started = time.perf_counter()
            detector.detect([pixels])
            whole.append(time.perf_counter() - started)
    medians = np.median(alone) * 1e3, np.median(whole) * 1e3
    print(f"time_bare  {medians[0]:8.2f} ms a picture")
    print(f"time_all   {medians[1]:8.2f} ms a picture, {medians[1] / medians[0]:.2f} x bare")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
