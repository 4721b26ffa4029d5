"""The 2-D classifier as a visitor finds it: every control, links, own tables, downloads, bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from safetensors.numpy import load
from streamlit.testing.v1 import AppTest

from core.datasets.points import pack, parse
from core.datasets.points.cells import MAX_BYTES
from core.nets import train
from core.nets.network import EXTRAS, INITIALS, LOSSES, OPTIMISERS, Config
from core.nets.studio import Studio
from pages._kit import live
from pages._kit.points import NAMES
from pages._kit.studio import mount, settings
from pages._kit.studio.remedies import REMEDIES
from tests.core.nets import cloud, started

SLUG = "classifier_2d"
DEFAULTS = Config()


@pytest.fixture(autouse=True)
def rooms(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, live.Room]]:
    """The rooms that were opened, closed afterwards."""
    opened: dict[str, live.Room] = {}
    real = live.admit

    def admit(room: live.Room) -> str:
        token = real(room)
        opened[token] = room
        return token

    monkeypatch.setattr(live, "admit", admit)
    yield opened
    for room in opened.values():
        room.studio.close()  # type: ignore[attr-defined]


@pytest.fixture
def studio(rooms: dict[str, live.Room]):
    """The studio of the page that was opened last."""

    def newest() -> Studio:
        return list(rooms.values())[-1].studio  # type: ignore[attr-defined]

    return newest


def good(at: AppTest) -> bool:
    return not at.exception and not at.error


def header(at: AppTest, name: str = "vitrine_studio") -> dict:
    """What a component is given."""
    proto = next(e.proto for e in at.get("bidi_component") if e.proto.component_name == name)
    size = int.from_bytes(proto.bytes[:4], "little")
    return json.loads(proto.bytes[4 : 4 + size])


def test_the_default_is_that_of_convnetjs(visit, studio, rooms) -> None:
    at = visit(SLUG)
    assert good(at)
    assert studio().lanes[0].config == DEFAULTS and studio().lanes[0].seed == 0
    assert len(studio().points.x) == 100 and studio().classes == ("0", "1")
    told = header(at)
    assert told["token"] in rooms and told["path"] == "/live/studio" and told["view"] is None
    assert len(set(told["colours"]["light"])) == len(set(told["colours"]["dark"])) == 10


CONTROLS = {
    "loss": ("selectbox", LOSSES[1]),
    "initial": ("selectbox", INITIALS[2]),
    "optimiser": ("selectbox", OPTIMISERS[-1]),
    "rate": ("select_slider", 0.1),
    "momentum": ("select_slider", 0.9),
    "batch": ("select_slider", 50),
    "shuffle": ("toggle", True),
    "l1": ("select_slider", 0.001),
    "l2": ("select_slider", 0.01),
    "dropout": ("select_slider", 0.2),
    "input_noise": ("select_slider", 0.1),
    "gradient_noise": ("select_slider", 0.03),
}


@pytest.mark.parametrize("key", CONTROLS)
def test_every_setting_reaches_the_run_without_a_reset(visit, studio, key: str) -> None:
    at = visit(SLUG)
    made = studio().lanes[0]
    made.advance(20, studio().points, studio().lock)
    kind, value = CONTROLS[key]
    getattr(at, kind)(key=key).set_value(value)
    at.run()
    assert good(at)
    assert studio().lanes[0].config == replace(DEFAULTS, **{key: value})
    assert made.state.updates == (0 if key == "initial" else 20)


def test_layers_units_activations_and_inputs(visit, studio) -> None:
    at = visit(SLUG, layers="3", units_1="20", f_3="relu", extras=["x1^2", "sin x2"])
    assert good(at)
    config = studio().lanes[0].config
    assert config.hidden == (20, 2, 6) and config.activations == ("tanh", "tanh", "relu")
    assert config.extras == ("x1^2", "sin x2") and set(config.extras) < set(EXTRAS)
    at.select_slider(key="layers").set_value(0).run()
    assert good(at) and studio().lanes[0].config.hidden == ()


@pytest.mark.parametrize(
    "link, points, classes",
    [
        ({"data": "Spiral", "n_spiral": "150"}, 150, 2),
        ({"data": "Circle", "classes": "4"}, 100, 4),
        ({"data": "Simple"}, 13, 2),
        ({"data": NAMES["iris"]}, 150, 3),
        ({"data": NAMES["digits"]}, 1797, 10),
    ],
    ids=lambda v: str(v)[:30],
)
def test_data(visit, studio, link: dict[str, str], points: int, classes: int) -> None:
    at = visit(SLUG, **link)
    assert good(at), at.error
    assert len(studio().points.x) == points and studio().count == classes
    assert studio().lanes[0].config.classes == classes


def test_shares_wrong_labels_and_spread(visit, studio) -> None:
    at = visit(SLUG, test="0.3", wrong="0.2", spread="0.5")
    assert good(at)
    assert studio().points.held.sum() == 30
    assert studio().moment().measure.test_loss is not None


def test_a_table_of_ones_own(visit, studio) -> None:
    at = visit(SLUG, data="My own table")
    assert good(at)
    assert len(studio().points.x) == 4 and studio().classes == ("no", "yes")
    at.text_area(key="pasted").set_value("a;b;kind\n1.5;2;cat\n2;3;dog\n4;oops;cat").run()
    assert "row 4" in at.error[0].value and "column 2" in at.error[0].value
    assert not at.exception and len(studio().points.x) == 4, "what was there is still there"
    at.text_area(key="pasted").set_value("1 2 u\n3 4 v\n5 6 w").run()
    assert good(at) and studio().count == 3
    at.file_uploader(key="table").upload("mine.csv", b"1,2,a\n3,inf,b\n", "text/csv").run()
    assert "row 2" in at.error[0].value
    at.file_uploader(key="table").upload("mine.csv", b"0," * (MAX_BYTES // 2 + 9), "text/csv").run()
    assert "MB" in at.error[0].value


def test_the_link_brings_points_and_where_to_look(visit, studio) -> None:
    drawn = cloud(17, 3)
    at = visit(SLUG, points=pack(drawn), view="2~pair~0-1~", seed="5")
    assert good(at) and studio().drawn
    assert np.allclose(studio().points.x, drawn.x, atol=1e-3) and studio().count == 3
    assert header(at)["view"] == "2~pair~0-1~" and studio().lanes[0].seed == 5
    at.selectbox(key="data").set_value("spiral").run()
    assert not studio().drawn and "points" not in at.query_params


def told_link(monkeypatch, at, link: str = '{"version": 1}') -> dict[str, str]:
    """What the link holds after the browser has been quiet for a while."""
    query: dict[str, str] = {}
    state = {mount.KEY: SimpleNamespace(link=link)}
    monkeypatch.setattr(mount.st, "session_state", state)
    monkeypatch.setattr(mount.st, "query_params", query)
    mount._to_link()
    return query


def test_a_table_of_ones_own_goes_into_the_link_with_its_names(
    visit, studio, rooms, monkeypatch
) -> None:
    at = visit(SLUG, data="My own table")
    at.text_area(key="pasted").set_value("1 2 <b>u</b>\n3 4 v\n5 6 w").run()
    room = list(rooms.values())[-1]
    with monkeypatch.context() as patch:
        patch.setattr(mount, "_room", lambda: (room, ""))
        text = told_link(patch, at)["points"]
    room.linked = None  # as for somebody else, whose room is new
    again = visit(SLUG, data="My own table", points=text)
    again.text_area(key="pasted").set_value("1 2 no\n3 4 yes").run()
    assert studio().classes == ("no", "yes") and "points" not in again.query_params
    again.query_params["points"] = text
    again.run()
    assert good(again) and studio().classes == ("<b>u</b>", "v", "w") and studio().drawn
    assert studio().points.x.tolist() == [[1, 2], [3, 4], [5, 6]]


def test_too_many_points_for_a_link_are_told(visit, rooms, monkeypatch) -> None:
    at = visit(SLUG, data="My own table")
    places = np.random.default_rng(0).normal(size=(3000, 2))
    table = "\n".join(f"{x:.4f} {y:.4f} {'uv'[i % 2]}" for i, (x, y) in enumerate(places))
    at.text_area(key="pasted").set_value(table).run()
    assert not any(mount.OVER in caption.value for caption in at.caption)
    room = list(rooms.values())[-1]
    with monkeypatch.context() as patch:
        patch.setattr(mount, "_room", lambda: (room, ""))
        assert "points" not in told_link(patch, at)
    at.run()
    assert any(mount.OVER in caption.value for caption in at.caption)
    at.text_area(key="pasted").set_value("1 2 u\n3 4 v").run()
    assert not any(mount.OVER in caption.value for caption in at.caption)


def test_another_net_learns_from_the_same_points(visit, studio) -> None:
    at = visit(SLUG, test="0.2", wrong="0.1")
    before = studio().points
    at.number_input(key="seed").set_value(3).run()
    assert good(at) and studio().lanes[0].seed == 3 and studio().points is before
    at.number_input(key="draw").set_value(3).run()
    assert good(at) and not np.array_equal(studio().points.x, before.x)


def test_a_new_seed_keeps_points_drawn_by_hand(visit, studio) -> None:
    at = visit(SLUG, points=pack(cloud(17, 3)))
    drawn = studio().points
    at.number_input(key="seed").set_value(3).run()
    assert good(at) and studio().drawn and studio().points is drawn


@pytest.mark.parametrize(
    "points", ["nonsense!", "A" * 9000, pack(cloud(9))[:-6]], ids=["text", "long", "cut"]
)
def test_a_damaged_link_is_told_and_the_rest_works(visit, studio, points: str) -> None:
    at = visit(SLUG, points=points, view="<script>")
    assert "points of the link" in at.error[0].value
    assert header(at)["view"] is None and len(studio().points.x) == 100


@pytest.mark.parametrize(
    "link",
    [
        {"units_1": "inf"},
        {"units_1": "999"},
        {"rate": "-3"},
        {"layers": "99"},
        {"seed": "abc"},
        {"f_1": "x"},
    ],
    ids=str,
)
def test_odd_links_fall_back(visit, studio, link: dict[str, str]) -> None:
    at = visit(SLUG, **link)
    assert good(at)
    assert studio().lanes[0].config.hidden[0] in (6, 64)


def test_what_is_taken_home(visit, studio, downloads, tmp_path: Path) -> None:
    visit(SLUG, test="0.2")
    made = studio().lanes[0]
    made.advance(50, studio().points, studio().lock)
    visit(SLUG, test="0.2")
    moment = studio().moment()
    held = load(downloads["Weights, safetensors"])
    assert held["0.weight"].shape == (6, 2)
    table = parse(downloads["Points, CSV"])
    assert np.array_equal(np.sort(table.points.x, axis=0), np.sort(moment.points.x, axis=0))
    assert table.points.held.sum() == 20
    (tmp_path / "net.py").write_bytes(downloads["PyTorch, runnable"])
    said = subprocess.run(
        [sys.executable, "-I", tmp_path / "net.py"], capture_output=True, text=True, check=True
    )
    measured = train.measure(moment.state.params, moment.points, moment.config)
    assert float(said.stdout.split()[1]) == pytest.approx(measured.train_accuracy, abs=1e-6)


@pytest.mark.parametrize("name", REMEDIES)
def test_remedies_train_two_nets_from_one_seed(visit, studio, name: str) -> None:
    at = visit(SLUG, closer="Overfitting")
    assert good(at) and any("Test share" in info.value for info in at.info)
    assert not any(toggle.value for toggle in at.toggle if toggle.key.startswith("remedy"))
    at.toggle(key=f"remedy-{name}").set_value(True).run()
    on = [toggle.key for toggle in at.toggle if toggle.key.startswith("remedy") and toggle.value]
    assert on == [f"remedy-{name}"], "it tells which is on"
    without, added = REMEDIES[name]
    first, second = studio().lanes
    assert first.seed == second.seed and first.state.updates == second.state.updates == 0
    for key, value in {**without, **added}.items():
        assert getattr(second.config, key) == value
    for key, value in without.items():
        assert getattr(first.config, key) == value
        assert settings._said(first.config)[key] == at.session_state[key], "the sidebar follows"
    assert good(at)
    at.toggle(key=f"remedy-{name}").set_value(False).run()
    assert good(at) and studio().lanes == [first]


def test_a_net_that_overfits_is_at_hand(visit, studio) -> None:
    at = visit(SLUG, closer="Overfitting")
    at.button(key="overfit").click().run()
    assert good(at)
    assert studio().lanes[0].config.hidden == (24, 24) and studio().points.held.sum() == 50


def test_one_update_by_hand_shows_the_numbers_of_the_net(visit, studio) -> None:
    at = visit(SLUG, closer="One update by hand", weights="1", point="3")
    assert good(at)
    text = " ".join(block.value for block in at.latex)
    for word in (r"\tanh", r"-\log(p", r"\delta", "W_{11}^{(1)}"):
        assert word in text, word
    assert text.count("{") == text.count("}")
    W = studio().lanes[0].state.params[0]
    assert f"{W:.4g}" in text
    at.toggle(key="scalar").set_value(True).run()
    assert good(at)


def test_a_point_is_chosen_on_the_plane(visit, rooms, monkeypatch) -> None:
    visit(SLUG)
    room = list(rooms.values())[-1]
    for use, told in (([7, 1], 7), ([7, 1], None), ([100, 2], None), (["x", 3], None), ("x", None)):
        with monkeypatch.context() as patch:
            patch.setattr(mount, "_room", lambda: (room, ""))
            told_link(patch, None, json.dumps({"version": 1, "use": use}))
            assert mount.st.session_state.get("point") == told
            assert mount.st.session_state.get("closer") == (told and mount.BY_HAND)
    at = visit(SLUG, closer=mount.BY_HAND, point="3")
    assert header(at)["point"] == 3
    assert header(visit(SLUG, closer="Overfitting"))["point"] is None


def test_of_a_wide_layer_one_unit_is_written_out(visit, studio) -> None:
    at = visit(SLUG, closer="One update by hand", weights="2", units_1="40", units_2="30", unit="7")
    assert good(at)
    text = " ".join(block.value for block in at.latex)
    assert "z_{8}^{(3)}" in text and "z_{9}^{(3)}" not in text
    assert "W_{8,40}^{(2)}" in text, "every weight of the unit"


def test_many_seeds_and_one_that_is_looked_at(visit, studio) -> None:
    at = visit(SLUG, closer="Many seeds at once", nets="16", examples="20,000")
    for _ in range(3):
        at.run()
    assert good(at)
    assert any("of 16 solve it within 20,000" in each.value for each in at.subheader)
    wall = header(at, "vitrine_mosaic")
    assert wall["columns"] == 4 and set(wall["marked"]) <= set(range(16))
    said = next(each.value for each in at.subheader if "solve it" in each.value)
    assert said.startswith(f"{len(wall['marked'])} of 16"), "those that solved it are marked"
    at.number_input(key="net").set_value(3).run()
    at.button(key="adopt").click().run()
    assert good(at)
    assert len(studio().lanes) == 2 and "net 3 of 16" in studio().name(1)


def test_the_sidebar_follows_the_shown_run(visit, studio, monkeypatch) -> None:
    visit(SLUG)
    room = studio()
    other = replace(
        DEFAULTS, hidden=(9, 3, 4), activations=("relu",) * 3, extras=("x1^2",), rate=0.004, l2=0.1
    )
    room.adopt(started(room.points, other, 3), other, 3, "another")
    moved: dict[str, object] = {"dropout": 0.5}  # a control that was moved at the same time
    monkeypatch.setattr(settings.st, "session_state", moved)
    settings.follow(room)
    assert moved == {
        "layers": 3, "units_1": 9, "units_2": 3, "units_3": 4, "f_1": "relu", "f_2": "relu",
        "f_3": "relu", "extras": ["x1^2"], "rate": 0.003, "l2": 0.1, "seed": 3, "dropout": 0.5,
    }  # fmt: skip
    assert room.lanes[1].config == other, "0.004, which the slider has not, stays"
    room.configure(replace(other, rate=0.003, dropout=0.5), 3)
    assert room.lanes[1].config == replace(other, dropout=0.5)
    assert room.lanes[0].config == DEFAULTS
    moved.clear()
    settings.follow(room)
    assert moved == {}
    room.configure(replace(other, rate=0.01, dropout=0.5), 3)
    assert room.lanes[1].config.rate == 0.01, "until that very control is moved"
