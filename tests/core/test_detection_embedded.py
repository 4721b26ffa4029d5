"""What OpenCV's own detectors find in photographs with a known answer."""

from __future__ import annotations

import subprocess
import sys
import threading
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from core.datasets.images import decode, sample
from core.detection import catalogue, embedded
from core.detection.boxes import Box, Detection, iou
from core.errors import SettingError, UnavailableError

PHOTOS = Path(__file__).parents[2] / "../shared/data/photos"
CARRIED = [slug for slug, spec in catalogue.DETECTORS.items() if spec.weights is None]

# Measured by hand on the pictures.
ASTRONAUT_FACE = (178, 62, 272, 172)
ASTRONAUT_EYES = [(188, 92, 214, 108), (234, 95, 259, 110)]
ASTRONAUT_SMILE = (197, 132, 251, 156)
CHELSEA_FACE = (65, 0, 370, 290)


@cache
def detector(slug: str) -> catalogue.Detector:
    return catalogue.find(slug).load()


def look(finder: catalogue.Detector, image: np.ndarray) -> list[Detection]:
    [found] = finder.detect([image])
    return list(found)


def agrees(found: Detection, truth: Box, least: float) -> bool:
    return bool(iou(np.array([found.box]), np.array([truth]))[0, 0] >= least)


def photo(name: str) -> np.ndarray:
    path = PHOTOS / name
    if not path.exists():
        pytest.skip(f"no {name} in ../shared/data/photos")
    return decode(path.read_bytes(), name)


def test_the_astronauts_face() -> None:
    (face,) = look(detector("face"), sample("astronaut"))
    assert agrees(face, ASTRONAUT_FACE, 0.75)
    assert face.label == "face" and 0.9 < face.score < 0.96


def test_the_astronauts_eyes_and_smile() -> None:
    eyes = sorted(look(detector("eyes"), sample("astronaut")), key=lambda eye: eye.box)
    assert len(eyes) == 2
    for eye, truth in zip(eyes, ASTRONAUT_EYES, strict=True):
        assert agrees(eye, truth, 0.4) and eye.score > 0.9
    (smile,) = look(detector("smile"), sample("astronaut"))
    assert agrees(smile, ASTRONAUT_SMILE, 0.7)


def test_parts_of_a_small_face_are_found_enlarged() -> None:
    small = sample("astronaut", halve=True)
    assert len(look(detector("eyes"), small)) == 2
    (smile,) = look(detector("smile"), small)
    assert agrees(smile, tuple(v / 2 for v in ASTRONAUT_SMILE), 0.6)


def test_smiles_are_sought_in_faces_only_but_eyes_anywhere() -> None:
    assert look(detector("smile"), sample("coffee")) == []
    eye = sample("astronaut")[70:120, 215:275]
    assert look(detector("face"), eye) == []
    assert len(look(detector("eyes"), eye)) == 1


def test_the_cats_face() -> None:
    (face,) = look(detector("cat-face"), sample("cat"))
    assert agrees(face, CHELSEA_FACE, 0.75) and face.score > 0.8
    assert look(detector("cat-face"), sample("astronaut")) == []
    assert look(detector("face"), sample("cat")) == []


def test_a_large_cat_is_placed_in_pixels_of_the_original() -> None:
    (face,) = look(detector("cat-face"), np.kron(sample("cat"), np.ones((2, 2, 1), np.uint8)))
    assert agrees(face, tuple(2 * v for v in CHELSEA_FACE), 0.7)


def test_profiles_are_found_whichever_way_they_look() -> None:
    image = photo("voc60/images/2007_000762.jpg")  # a man at the left looks to the right
    (man,) = look(detector("profile"), image)
    assert agrees(man, (45, 25, 125, 110), 0.6)
    (twin,) = look(detector("profile"), np.ascontiguousarray(image[:, ::-1]))
    x0, y0, x1, y1 = man.box
    assert agrees(twin, (image.shape[1] - x1, y0, image.shape[1] - x0, y1), 0.99)


def test_faces_in_photographs() -> None:
    truths = {"000170": (180, 85, 290, 205), "000799": (355, 262, 412, 330)}
    for name, truth in truths.items():
        (face,) = look(detector("face"), photo(f"voc60/images/2007_{name}.jpg"))
        assert agrees(face, truth, 0.5)


def test_the_person_in_the_field() -> None:
    image = photo("classic/person.jpg")
    (person,) = look(detector("people"), image)
    assert person.label == "person" and agrees(person, (190, 98, 275, 380), 0.5)
    assert any(
        agrees(body, (190, 98, 275, 380), 0.4) for body in look(detector("full-body"), image)
    )


def test_a_drawn_number_plate() -> None:
    from PIL import Image, ImageDraw, ImageFont

    picture = Image.new("RGB", (640, 480), (90, 90, 90))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((200, 220, 440, 272), fill="white", outline="black", width=3)
    pen.text((210, 222), "A 123 BC", fill="black", font=ImageFont.load_default(46))
    pen.line((375, 220, 375, 272), fill="black", width=3)
    pen.text((385, 225), "77", fill="black", font=ImageFont.load_default(34))
    (plate,) = look(detector("plate"), np.array(picture))
    assert agrees(plate, (200, 220, 440, 272), 0.3)


@pytest.mark.parametrize("slug", CARRIED)
def test_flat_pictures_hold_nothing_and_inputs_are_left_alone(slug: str) -> None:
    image = np.full((200, 150, 3), 120, np.uint8)
    assert look(detector(slug), image) == [] and (image == 120).all()
    assert detector(slug).labels == catalogue.find(slug).labels


def test_tiny_pictures_do_not_take_the_process_with_them() -> None:
    # OpenCV's HOG corrupts the heap on less than a window: in a process of its own.
    code = (
        "import numpy as np; from core.detection import embedded as e\n"
        "searches = [s for s in vars(e).values() if isinstance(s, e.Search)]\n"
        "assert len(searches) == 8\n"
        "kinds = [e.People(), *map(e.Haar, searches)]\n"
        "for size in ((1, 1), (1, 500), (500, 1), (30, 300), (63, 63), (127, 64), (128, 64)):\n"
        "    image = np.random.default_rng(0).integers(0, 256, (*size, 3)).astype(np.uint8)\n"
        "    for kind in kinds: kind.detect([image])\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (0, "")


def test_nobody_smaller_than_the_window() -> None:
    class Reached(Exception):
        pass

    class Hog:
        def detectMultiScale(self, *_: object, **__: object) -> None:
            raise Reached

    people = embedded.People()
    people._hog = Hog()
    for size in ((127, 400), (400, 63)):
        assert look(people, np.zeros((*size, 3), np.uint8)) == []
    with pytest.raises(Reached):
        look(people, np.zeros((128, 64, 3), np.uint8))


def test_threads_share_a_detector() -> None:
    image = sample("astronaut", halve=True)
    expected = look(detector("face"), image)
    got: list[list[Detection]] = []

    def repeat() -> None:
        got.extend(look(detector("face"), image) for _ in range(4))

    threads = [threading.Thread(target=repeat) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert got == [expected] * 16 and len(expected) == 1


def test_how_far_finds_may_lie_within_each_other() -> None:
    faces = detector("face").suppressing(0.9)
    assert faces.limit == 0.9 and detector("face").limit == embedded.NESTED
    assert look(faces, sample("astronaut")) == look(detector("face"), sample("astronaut"))
    everything, bodies = detector("upper-body").suppressing(1.0), sample("motorcycle")
    least = detector("upper-body").suppressing(0.0)
    assert len(look(least, bodies)) <= len(look(everything, bodies))


def test_several_pictures_at_once() -> None:
    images = [sample("astronaut"), sample("coffee"), sample("astronaut")]
    found = detector("face").detect(images)
    assert [len(one) for one in found] == [1, 0, 1] and found[0] == found[2]


@pytest.mark.parametrize(("s", "score"), [(0, 0.5), (2, 0.880797), (-2, 0.119203), (-9999, 0)])
def test_logistic(s: float, score: float) -> None:
    assert embedded.logistic(s) == pytest.approx(score, abs=1e-6)


def test_a_cascade_that_opencv_lacks() -> None:
    with pytest.raises(UnavailableError, match="haarcascade_nose.xml"):
        embedded.Haar(embedded.Search(label="nose", cascade="nose"))


def test_the_catalogue() -> None:
    assert len(catalogue.DETECTORS) == 15 and CARRIED[0] == "face"
    assert all(slug == spec.slug for slug, spec in catalogue.DETECTORS.items())
    assert all(len(set(s.ids.values())) == len(s.ids) > 0 for s in catalogue.DETECTORS.values())
    with pytest.raises(SettingError, match="detector: wanted one of face, .*got yolo"):
        catalogue.find("yolo")
