"""Every layout of onnx_decode, one number after the other in float64: slow, and plain to read.

Each gives rows of (x0, y0, x1, y1, score, class) in pixels of the input, in the output's order.
"""

from __future__ import annotations

import math

Row = tuple[float, float, float, float, float, int]


def cells(width: int, height: int, strides: tuple[int, ...]) -> list[tuple[int, int, int]]:
    found = []
    for s in strides:
        for y in range(math.ceil(height / s)):
            for x in range(math.ceil(width / s)):
                found.append((x, y, s))
    return found


def row(x: float, y: float, w: float, h: float, scores: list[float]) -> Row:
    best = max(range(len(scores)), key=lambda c: scores[c])
    return x - w / 2, y - h / 2, x + w / 2, y + h / 2, scores[best], best


def softmax(values: list[float]) -> list[float]:
    top = max(values)
    powers = [math.exp(v - top) for v in values]
    return [p / sum(powers) for p in powers]


def sigmoid(v: float) -> float:
    return 1 / (1 + math.exp(-v))


def yolox(t, width, height, strides, classes):
    found = []
    for numbers, (gx, gy, s) in zip(t.tolist(), cells(width, height, strides), strict=True):
        x, y = (numbers[0] + gx) * s, (numbers[1] + gy) * s
        w, h = math.exp(numbers[2]) * s, math.exp(numbers[3]) * s
        found.append(row(x, y, w, h, [numbers[4] * p for p in numbers[5 : 5 + classes]]))
    return found


def yolov5(t, classes):
    return [row(*n[:4], [n[4] * p for p in n[5 : 5 + classes]]) for n in t.tolist()]


def yolov8(t, classes):
    return [row(*n[:4], n[4 : 4 + classes]) for n in t.T.tolist()]


def nanodet(t, width, height, strides, classes, offset):
    found = []
    for numbers, (gx, gy, s) in zip(t.tolist(), cells(width, height, strides), strict=True):
        sides = []
        for k in range(4):
            bins = softmax(numbers[classes + 8 * k : classes + 8 * k + 8])
            sides.append(s * sum(i * p for i, p in enumerate(bins)))
        x, y = (gx + offset) * s, (gy + offset) * s
        scores = numbers[:classes]
        best = max(range(classes), key=lambda c: scores[c])
        left, top, right, bottom = sides
        found.append((x - left, y - top, x + right, y + bottom, scores[best], best))
    return found


def fastestdet(t, width, height):
    channels, rows, columns = t.shape
    found = []
    for y in range(rows):
        for x in range(columns):
            n = [float(t[k, y, x]) for k in range(channels)]
            middle = (math.tanh(n[1]) + x) / columns * width, (math.tanh(n[2]) + y) / rows * height
            w, h = sigmoid(n[3]) * width, sigmoid(n[4]) * height
            found.append(row(*middle, w, h, [n[0] ** 0.6 * p**0.4 for p in n[5:]]))
    return found


def queries(boxes, cls, width, height, how):
    found = []
    for (x, y, w, h), logits in zip(boxes.tolist(), cls.tolist(), strict=True):
        if how == "softmax":
            scores = softmax(logits)[:-1]
        else:
            scores = [sigmoid(v) for v in logits] if how == "sigmoid" else logits
        found.append(row(x * width, y * height, w * width, h * height, scores))
    return found


def default_boxes(boxes, cls, width, height):
    found = []
    for (x0, y0, x1, y1), scores in zip(boxes.tolist(), cls.tolist(), strict=True):
        best = max(range(1, len(scores)), key=lambda c: scores[c])
        box = (x0 * width, y0 * height, x1 * width, y1 * height)
        found.append((*box, scores[best], best - 1))
    return found
