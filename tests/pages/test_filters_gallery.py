"""The filters gallery as a visitor finds it: default, every control, links, uploads, bad input."""

from __future__ import annotations

import csv
import io
import json
import time

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import load
from streamlit.testing.v1 import AppTest

from core.datasets import images
from core.device import to_host
from core.features import filters
from core.rng import stream
from pages._kit.stage import wire

SLUG = "filters_gallery"
QUICK = {"patches": "1000", "sweeps": "3", "k": "16"}


def status(at: AppTest) -> str:
    return next(c.value for c in at.caption if c.value.startswith("Sweep "))


def wall(at: AppTest) -> tuple[dict, np.ndarray]:
    """Header and tiles of the wall, as the browser gets them."""
    proto = next(
        e.proto for e in at.get("bidi_component") if e.proto.component_name == "vitrine_mosaic"
    )
    size = int.from_bytes(proto.bytes[:4], "little")
    head = json.loads(proto.bytes[4 : 4 + size])
    tiles = np.frombuffer(proto.bytes[4 + size :], np.uint8)
    return head, tiles.reshape(head["count"], head["height"], head["width"], head["channels"])


def good(at: AppTest) -> bool:
    return not at.exception and not at.error


def test_the_default_shows_all_that_was_learned(visit) -> None:
    at = visit(SLUG)
    assert good(at)
    assert status(at).startswith("Sweep 10 of 10 · done")
    config = filters.Config()
    photos = [images.sample(name, halve=True) for name in ("astronaut", "motorcycle", "coffee")]
    *_, last = filters.learn(photos, config, generator=stream(0, "core.features.filters"))
    head, tiles = wall(at)
    np.testing.assert_array_equal(tiles, filters.tiles(last.D, config))
    assert head["picked"] == filters.busiest(last)
    assert f"distortion {last.distortion:.4g}" in status(at)
    assert len(at.get("vega_lite_chart") or at.get("arrow_vega_lite_chart")) == 3


def test_the_downloads_hold_what_is_shown(visit, downloads) -> None:
    visit(SLUG, **QUICK)
    config = filters.Config(k=16, n=1000, sweeps=3)
    photos = [images.sample(name, halve=True) for name in ("astronaut", "motorcycle", "coffee")]
    prepared, *steps = map(
        to_host, filters.learn(photos, config, generator=stream(0, "core.features.filters"))
    )
    arrays = load(downloads["Filters, safetensors"])
    np.testing.assert_array_equal(arrays["D"], steps[-1].D)
    np.testing.assert_array_equal(arrays["W"], prepared.matrix)
    rows = list(csv.DictReader(io.StringIO(downloads["Trace, CSV"].decode())))
    assert [float(r["distortion"]) for r in rows] == [s.distortion for s in steps]
    assert [int(r["idle"]) for r in rows] == [s.idle for s in steps]
    assert Image.open(io.BytesIO(downloads["Filters, PNG"])).size[0] > 100


def test_the_scrubber_goes_back_to_the_start(visit) -> None:
    at = visit(SLUG, **QUICK)
    last = wall(at)[1]
    at.slider(key="sweep").set_value(0).run()
    assert status(at).startswith("Sweep 0 of 3 · done")
    assert (wall(at)[1] != last).any()
    at.slider(key="sweep").set_value(3).run()
    np.testing.assert_array_equal(wall(at)[1], last)


@pytest.mark.parametrize(
    ("kind", "key", "value"),
    [
        ("multiselect", "photos", ["cat", "dead leaves"]),
        ("toggle", "colour", True),
        ("select_slider", "size", 12),
        ("select_slider", "k", 36),
        ("select_slider", "patches", 3000),
        ("select_slider", "sweeps", 2),
        ("select_slider", "eps_norm", 100.0),
        ("select_slider", "eps_zca", "off"),
        ("number_input", "seed", 7),
    ],
)
def test_every_control_changes_the_wall(visit, kind, key, value) -> None:
    at = visit(SLUG, **QUICK)
    before = wall(at)[1]
    getattr(at, kind)(key=key).set_value(value).run()
    assert good(at)
    assert "done" in status(at)
    after = wall(at)[1]
    assert after.shape != before.shape or (after != before).any()


def test_a_link_restores_every_control(visit) -> None:
    query = QUICK | {
        "photos": ["cat", "dead leaves"], "colour": "true", "size": "7", "eps_norm": "1",
        "eps_zca": "off", "seed": "5", "filter": "3", "on": "cat", "sweep": "2",
    }  # fmt: skip
    at = visit(SLUG, **query)
    assert good(at)
    assert at.multiselect(key="photos").value == ["cat", "dead leaves"]
    assert at.toggle(key="colour").value is True
    assert [at.select_slider(key=k).value for k in ("size", "sweeps")] == [7, 3]
    assert at.slider(key="sweep").value == 2
    assert at.select_slider(key="k").value == 16
    assert at.select_slider(key="patches").value == 1000
    assert at.select_slider(key="eps_norm").value == 1.0
    assert at.select_slider(key="eps_zca").value == "off"
    assert [at.number_input(key=k).value for k in ("seed", "filter")] == [5, 3]
    assert status(at).startswith("Sweep 2 of 3 · done")
    assert wall(at)[0]["picked"] == 3


@pytest.mark.parametrize(
    ("key", "given"),
    [(key, given) for key in ("size", "k", "patches", "sweeps", "eps_norm", "eps_zca", "seed", "filter",
     "photos", "colour", "on", "sweep") for given in ("nan", "inf", "-1", "1e999", "", "<b>", "no such")],
)  # fmt: skip
def test_nonsense_in_a_link_is_the_nearest_sensible_value(visit, key, given) -> None:
    at = visit(SLUG, **(QUICK | {key: given}))
    assert not at.exception
    if key == "photos" and given == "":
        assert "Choose a photograph" in at.info[0].value
    else:
        assert not at.error, [e.value for e in at.error]
        assert "done" in status(at)


def test_more_filters_than_patches_is_said_and_nothing_is_lost(visit) -> None:
    at = visit(SLUG, patches="1000", k="1024", sweeps="1")
    assert [e.value for e in at.error] == [
        "K: wanted at most 1000, the number of patches, got 1024."
    ]
    assert not at.exception
    at.select_slider(key="k").set_value(16).run()
    assert good(at) and "done" in status(at)


def test_no_photograph_is_an_invitation(visit) -> None:
    at = visit(SLUG, **QUICK)
    at.multiselect(key="photos").set_value([]).run()
    assert good(at) and "Choose a photograph" in at.info[0].value


def upload(at: AppTest, *files: tuple[str, bytes]) -> AppTest:
    at.file_uploader(key="uploads").set_value([(n, d, "image/png") for n, d in files])
    return at.run()


def test_an_upload_is_learned_from(visit, png) -> None:
    at = visit(SLUG, **QUICK, photos="cat")
    before = wall(at)[1]
    upload(at, ("mine.png", png(60, 50)))
    assert good(at) and (wall(at)[1] != before).any()
    assert at.selectbox(key="on").options == ["cat", "mine.png"]


def test_two_of_one_name_are_told_apart(visit, png) -> None:
    at = visit(SLUG, **QUICK, photos="cat")
    upload(at, ("me.png", png(60, 50)), ("me.png", png(40, 30)))
    assert good(at)
    assert at.selectbox(key="on").options == ["cat", "me.png", "me.png (2)"]


def test_a_bad_upload_is_one_message_and_the_others_stay(visit, png) -> None:
    at = visit(SLUG, **QUICK, photos="cat")
    upload(
        at, ("notes.png", b"just text"), ("half.png", png(60, 50)[:500]), ("ok.png", png(60, 50))
    )
    assert len(at.error) == 2 and not at.exception
    assert "notes" in at.error[0].value and "half" in at.error[1].value
    assert at.selectbox(key="on").options == ["cat", "ok.png"]
    assert "done" in status(at)


@pytest.mark.parametrize(("width", "height"), [(1, 1), (5, 400)])
def test_a_picture_smaller_than_a_patch(visit, png, width, height) -> None:
    at = visit(SLUG, **QUICK, photos="")
    upload(at, ("tiny.png", png(width, height)))
    assert len(at.error) == 1 and "patch" in at.error[0].value and not at.exception
    at.multiselect(key="photos").set_value(["cat"]).run()
    assert "done" in status(at)  # beside a large one it is passed over


def test_a_picture_of_one_colour(visit, png) -> None:
    at = visit(SLUG, **QUICK, photos="")
    upload(at, ("grey.png", png(64, 64, value=90)))
    assert good(at) and "done" in status(at)


def test_choosing_fewer_filters_keeps_the_choice_in_bounds(visit) -> None:
    at = visit(SLUG, **(QUICK | {"k": "36", "filter": "30"}))
    assert at.number_input(key="filter").value == 30
    at.select_slider(key="k").set_value(16).run()
    assert good(at) and at.number_input(key="filter").value == 15


def test_what_takes_long_runs_as_a_job_and_can_be_cancelled(visit) -> None:
    at = visit(SLUG, colour="true", size="16", k="1024", patches="200,000", sweeps="30")
    assert good(at)
    at.button(key=f"cancel-{SLUG}").click().run()
    until = time.monotonic() + 30
    while not at.info and time.monotonic() < until:
        time.sleep(0.2)
        at.run()
    assert "Stopped" in at.info[0].value
    at.select_slider(key="k").set_value(16)
    at.select_slider(key="patches").set_value(1000)
    at.select_slider(key="size").set_value(8)
    at.select_slider(key="sweeps").set_value(3).run()
    assert good(at) and "done" in status(at)


def test_a_job_ends_in_the_same_wall(visit, monkeypatch) -> None:
    from pages._kit import play

    here = wall(visit(SLUG, **QUICK))[1]
    monkeypatch.setattr(play, "IN_PLACE", 0.0)
    at = visit(SLUG, **(QUICK | {"sweeps": "4"}))
    at.select_slider(key="sweeps").set_value(3).run()
    until = time.monotonic() + 60
    while not any("done" in c.value for c in at.caption) and time.monotonic() < until:
        time.sleep(0.1)
        at.run()
    assert good(at)
    np.testing.assert_array_equal(wall(at)[1], here)


def test_the_wire_reads_back() -> None:
    data = wire.packed({"name": "é\n"}, b"\x00\xff")
    size = int.from_bytes(data[:4], "little")
    assert json.loads(data[4 : 4 + size]) == {"name": "é\n"} and data[4 + size :] == b"\x00\xff"
