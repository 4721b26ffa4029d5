"""The lobby: one card an exhibit, the device, nothing else."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from core import device
from pages._kit.catalogue import EXHIBITS


def test_a_card_for_every_exhibit_and_the_device(app: AppTest) -> None:
    app.run()
    assert not app.exception and not app.error
    assert [link.proto.page for link in app.get("page_link")] == [e.slug for e in EXHIBITS]
    captions = [caption.value for caption in app.caption]
    assert captions[:-1] == [exhibit.blurb for exhibit in EXHIBITS]
    assert str(device.describe(device.choose())) in captions[-1]
    assert len(app.image) == len(EXHIBITS)


def test_a_device_that_is_not_there_is_one_message(app: AppTest, monkeypatch) -> None:
    monkeypatch.setenv("VITRINE_DEVICE", "abacus")
    app.run()
    assert len(app.error) == 1
    assert "device: wanted one of" in app.error[0].value
    assert not app.exception
