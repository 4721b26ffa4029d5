"""From files to detectors on offer: what a visitor uploads, and what a classroom's folder holds."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any, NoReturn

from numpy.typing import NDArray

from core.detection import onnx_file, onnx_guess, onnx_labels, onnx_session
from core.detection.catalogue import Spec
from core.detection.onnx_file import File
from core.detection.onnx_guess import Guess
from core.detection.onnx_layouts import Layout
from core.detection.onnx_limits import short
from core.detection.onnx_network import Onnx
from core.detection.onnx_session import Session
from core.errors import UnavailableError, VitrineError

ENVIRONMENT = "VITRINE_DETECTORS"
FOLDER_BYTES = 1024 * 2**20  # of a model in the folder, which is the owner's and not a visitor's
FOLDER_MOST = 64


@dataclass(frozen=True, eq=False)
class Model:
    """A file that runs. `outputs`: its answer to a grey picture; `guesses`: the best first."""

    file: File
    session: Session
    outputs: Mapping[str, NDArray[Any]]
    guesses: list[Guess]


def examine(data: bytes, name: str, *, most: int = onnx_file.MAX_BYTES) -> Model:
    """Reads, starts and recognises the file `name`. Raises UploadError where any of it fails."""
    file = onnx_file.read(data, name, most=most)
    session, outputs = onnx_session.start(file)
    return Model(file, session, outputs, onnx_guess.guess(file, outputs))


def spec(model: Model, layout: Layout, names: Sequence[str] | None = None) -> Spec:
    """The detector on offer that `model` is with this `layout`, its classes called `names`.

    Raises SettingError where there are more or fewer names than classes.
    """
    labels = onnx_labels.choose(layout, model.file, names)
    told = hashlib.sha256(repr((model.file.digest, layout, labels)).encode()).hexdigest()
    classes = f"{len(labels)} class" + "es" * (len(labels) != 1)
    title = short(Path(model.file.name).stem)
    return Spec(
        slug=f"own-{told[:16]}",
        title=title,
        blurb=f"{layout.about.title}, {layout.size[0]} x {layout.size[1]}, {classes}.",
        ids=onnx_labels.numbered(labels),
        load=partial(Onnx, model.session, layout, labels, name=title),
    )


def folder() -> list[Spec]:
    """The first FOLDER_MOST models (*.onnx) in the folder $VITRINE_DETECTORS, each with the names in
    a text file beside it (*.txt, *.names) if there is one. What cannot be used says why in its
    blurb, and raises UnavailableError when loaded."""
    own = os.environ.get(ENVIRONMENT)
    paths = sorted(Path(own).expanduser().glob("*.onnx"))[:FOLDER_MOST] if own else []
    return [_listed(path, _state(path), _state(_beside(path))) for path in paths]


State = tuple[int, int] | None  # nanoseconds of the last change, and bytes


@lru_cache(maxsize=FOLDER_MOST)
def _listed(path: Path, changed: State, named: State) -> Spec:
    # Sessions are not kept: the folder may hold more than the memory does.
    try:
        found = _from(path)
    except (VitrineError, OSError) as error:
        why = str(error)
        return Spec(
            slug=f"folder-{path.stem}",
            title=f"{path.stem} (cannot be used)",
            blurb=why,
            ids={},
            load=partial(_fail, why),
        )
    return Spec(
        slug=f"folder-{found.slug}",
        title=path.stem,
        blurb=found.blurb,
        ids=found.ids,
        load=partial(_load, path),
    )


def _from(path: Path) -> Spec:
    most = FOLDER_BYTES
    with path.open("rb") as file:
        model = examine(file.read(most + 1), path.name, most=most)
    names = _beside(path)
    given = onnx_labels.read(names.read_bytes(), names.name) if names else None
    return spec(model, model.guesses[0].layout, given)


def _load(path: Path) -> Onnx:
    try:
        found = _from(path).load()
    except OSError as error:
        raise UnavailableError(f"{path.name} cannot be read: {error.strerror}") from error
    assert isinstance(found, Onnx)
    return found


def _fail(why: str) -> NoReturn:
    raise UnavailableError(why)


def _beside(path: Path) -> Path | None:
    both = (path.with_suffix(end) for end in (".txt", ".names"))
    return next((one for one in both if one.is_file()), None)


def _state(path: Path | None) -> State:
    if path is None or not path.exists():
        return None
    found = path.stat()
    return found.st_mtime_ns, found.st_size
