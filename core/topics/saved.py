"""A topic model as one file: safetensors, everything but arrays as JSON in its own metadata.

A file from elsewhere is bounded, and believed only where its arrays fit together.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import safetensors.numpy
from safetensors import SafetensorError

from core.errors import UploadError
from core.topics.topics import MODELS, Topics
from core.weights import to_safetensors

MOST_BYTES = 256 << 20
HEADER = 64 << 20  # the vocabulary is in it
WANTED = "a topic model saved by Vitrine (.safetensors)"


def to_file(topics: Topics, about: Mapping[str, Any] | None = None) -> bytes:
    """The model, with `about`, plain values on how it came to be."""
    arrays: dict[str, np.ndarray] = {
        "topic_word": topics.topic_word,
        "doc_topic": topics.doc_topic,
        "alpha": topics.alpha,
    }
    told = {
        "model": topics.model,
        "eta": topics.eta,
        "vocabulary": list(topics.vocabulary),
        "about": dict(about or {}),
    }
    return to_safetensors(arrays, told)


def to_json(topics: Topics, about: Mapping[str, Any] | None = None, many: int = 50) -> str:
    """What people read: each topic's share and its `many` best words with p(w | z)."""
    share = topics.prevalence()
    told = {
        "model": topics.model,
        "topics": topics.K,
        "documents": len(topics.doc_topic),
        "vocabulary": len(topics.vocabulary),
        "alpha": [round(float(a), 6) for a in topics.alpha],
        "eta": topics.eta,
        **dict(about or {}),
        "best_words": [
            {
                "topic": z,
                "share": round(float(share[z]), 6),
                "words": {
                    topics.vocabulary[w]: round(float(topics.topic_word[z, w]), 8)
                    for w in np.argsort(-topics.topic_word[z], kind="stable")[:many]
                },
            }
            for z in range(topics.K)
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def from_file(data: bytes, name: str) -> Topics:
    """The model in a file called `name`. Raises UploadError where it is none, or not whole."""
    if len(data) > MOST_BYTES:
        wanted = f"at most {MOST_BYTES >> 20} MB"
        raise UploadError(name, wanted=wanted, given=f"{len(data) / 2**20:.0f} MB")
    length = int.from_bytes(data[:8], "little")
    if len(data) < 8 or not 2 <= length <= min(HEADER, len(data) - 8):
        raise UploadError(name, wanted=WANTED, given="something else")
    try:
        about = json.loads(data[8 : 8 + length])["__metadata__"]
        told = {key: json.loads(about[key]) for key in ("model", "eta", "vocabulary")}
        arrays = safetensors.numpy.load(data)
        topics = Topics(
            model=str(told["model"]),
            topic_word=arrays["topic_word"].astype(np.float32),
            doc_topic=arrays["doc_topic"].astype(np.float32),
            alpha=arrays["alpha"].astype(np.float64),
            eta=float(told["eta"]),
            vocabulary=tuple(str(word) for word in told["vocabulary"]),
        )
    except (SafetensorError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise UploadError(name, wanted=WANTED, given="something else") from error
    if not _whole(topics):
        raise UploadError(name, wanted=WANTED, given="one that does not hold together")
    return topics


def _whole(topics: Topics) -> bool:
    if topics.model not in MODELS or topics.topic_word.ndim != 2 or topics.doc_topic.ndim != 2:
        return False
    K, V = topics.topic_word.shape
    shapes = topics.doc_topic.shape[1] == K == len(topics.alpha) > 0 and len(topics.vocabulary) == V
    # Chances, each row of sum 1: a comparison with NaN is false.
    return shapes and topics.alpha.ndim == 1 and bool((topics.alpha >= 0).all()) and all(
        bool((x >= 0).all()) and bool((np.abs(x.sum(axis=1, dtype=np.float64) - 1) < 1e-3).all())
        for x in (topics.topic_word, topics.doc_topic)
    ) and np.isfinite(topics.eta) and bool(np.isfinite(topics.alpha).all())  # fmt: skip
