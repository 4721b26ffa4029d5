"""Errors say which setting, what was wanted, what was given, also after a trip between processes."""

from __future__ import annotations

import multiprocessing

import pytest

from core.errors import JobCancelled, JobError, SettingError, UploadError, VitrineError, require


def test_the_message_names_setting_wanted_and_given() -> None:
    with pytest.raises(SettingError) as caught:
        require(False, "K", wanted="at most 10", given=11)
    assert str(caught.value) == "K: wanted at most 10, got 11."
    assert (caught.value.setting, caught.value.wanted, caught.value.given) == (
        "K",
        "at most 10",
        11,
    )


def test_nothing_is_raised_where_it_holds() -> None:
    require(True, "K", wanted="anything", given=1)


def test_the_tree() -> None:
    assert issubclass(UploadError, SettingError) and issubclass(SettingError, VitrineError)
    assert issubclass(JobCancelled, JobError) and issubclass(JobError, VitrineError)


@pytest.mark.parametrize("kind", [SettingError, UploadError])
def test_it_survives_a_pipe(kind: type[SettingError]) -> None:
    here, there = multiprocessing.Pipe()
    here.send(kind("cat.png", wanted="an image", given="text"))
    back = there.recv()
    assert type(back) is kind
    assert str(back) == "cat.png: wanted an image, got text."
