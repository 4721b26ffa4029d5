"""LDA over a cluster's workers, as a visitor sees it; the workers are stand-ins in this process."""

from __future__ import annotations

import time

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core import jobs
from core.errors import JobError
from core.jobs.handle import Handle
from core.jobs.messages import Order
from core.jobs.work import perform
from core.topics import distributed
from pages._kit.topics import fits, source

SLUG = "topic_browser"
LINK = {"corpus": source.PYTHON, "topics": "4", "lda_iterations": "5"}


class Here:
    """An engine whose jobs are done at once, through all that jobs pass."""

    slices = 0

    def submit(self, order: Order, handle: Handle) -> None:
        self.slices += 1
        perform(order, where="here", post=handle.hear, cancelled=lambda: False)

    def alive(self) -> bool:
        return True

    def warm(self) -> None: ...

    def stop(self, job_id: str) -> None: ...

    def end(self, job_id: str) -> None: ...

    def shutdown(self) -> None: ...


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Here:
    made = Here()
    monkeypatch.setattr(jobs, "_engine", made)
    monkeypatch.setenv(jobs.SCHEDULER, "tcp://somewhere:8786")
    return made


def until_fitted(at: AppTest) -> AppTest:
    until = time.monotonic() + 30
    while not fits._kept() and not at.error and not at.info:
        assert time.monotonic() < until, "still at work"
        time.sleep(0.05)
        at.run()
    return at


def test_it_is_not_offered_without_a_cluster(visit) -> None:
    at = visit(SLUG, **LINK).run()
    assert "lda_workers" not in {one.key for one in at.toggle}


def test_workers_find_the_same_topics(visit, here: Here) -> None:
    at = until_fitted(visit(SLUG, lda_workers="true", **LINK))
    assert not at.exception and not at.error
    (far,) = fits._kept().values()
    assert here.slices == 8 * 6  # jobs a pass, the start among them
    at.toggle(key="lda_workers").set_value(False).run()
    assert list(fits._kept().values()) == [far]  # it goes by the same name
    fits._kept().clear()
    at.run().run()
    (near,) = fits._kept().values()
    assert np.abs(near.topics.topic_word - far.topics.topic_word).max() < 1e-5


def test_other_models_are_not_shared_out(visit, here: Here) -> None:
    at = visit(SLUG, model="PLSA", **LINK).run()
    assert "lda_workers" not in {one.key for one in at.toggle}
    assert here.slices == 0


def test_a_cluster_that_fails_is_told(visit, here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **more: object):
        raise JobError("slice 3 died")
        yield

    monkeypatch.setattr(distributed, "learn", broken)
    at = until_fitted(visit(SLUG, lda_workers="true", **LINK))
    assert [one.value for one in at.error] == ["slice 3 died"]
    assert at.button(key="workers_again")
