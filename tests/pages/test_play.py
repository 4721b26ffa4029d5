"""`play`: in place and as a job, once a session, closed when something else is wanted."""

from __future__ import annotations

import signal
import time

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.rng import stream
from pages._kit import play
from tests.pages import learners


@pytest.fixture(autouse=True)
def forget() -> None:
    learners.started.clear()
    learners.closed.clear()


def page(learner: str, work: float = 0.0) -> AppTest:
    script = learners.SCRIPT.format(learner=learner, work=work)
    return AppTest.from_string(script, default_timeout=60).run()


def said(at: AppTest, what: str) -> str:
    return next(t.value for t in at.text if t.value.startswith(what))


def until(at: AppTest, holds) -> None:
    end = time.monotonic() + 60
    while not holds() and time.monotonic() < end:
        time.sleep(0.1)
        at.run()
    assert holds()


def test_all_steps_are_drawn_as_arrays_and_learned_once(monkeypatch) -> None:
    at = page("count")
    assert said(at, "drawn") == "drawn: 5 ndarray frame None"
    assert said(at, "outside") == "outside: 5 True True"
    at.run()
    at.run()
    assert learners.started == [5] and learners.closed == [5]


def test_a_film_goes_on_frame_by_frame(monkeypatch) -> None:
    monkeypatch.setattr(play, "LEAST", 5)
    clock = [100.0]
    monkeypatch.setattr(play.time, "monotonic", lambda: clock[0])
    at = page("count")
    assert said(at, "drawn") == "drawn: 1 ndarray frame 1"  # however long ago the last frame was
    for expected in (2, 3, 4):
        clock[0] += 0.001
        at.run()
        assert said(at, "drawn") == f"drawn: {expected} ndarray frame {expected}"
    at.run()
    assert said(at, "drawn") == "drawn: 5 ndarray frame None"


def test_a_late_frame_moves_further_but_not_to_the_end(monkeypatch) -> None:
    monkeypatch.setattr(play, "LEAST", 5)
    clock = [100.0]
    monkeypatch.setattr(play.time, "monotonic", lambda: clock[0])
    run = play.Run(identity=(), total=50)
    assert run._due() == 10  # a fifth of all, though the clock would ask for more
    clock[0] += play.FILM / 50
    assert run._due() == 1
    clock[0] += 4 * play.FILM / 50
    assert run._due() == 4


def test_a_moved_control_closes_the_old_run_and_starts_another(monkeypatch) -> None:
    monkeypatch.setattr(play, "LEAST", 5)
    at = page("count")
    at.slider(key="steps").set_value(7).run()
    assert learners.started == [5, 7]
    assert learners.closed == [5]


def test_the_seed_is_the_streams_of_the_learner_here_and_in_a_job(monkeypatch) -> None:
    runs: dict[str, play.Run] = {}
    monkeypatch.setattr(play, "_runs", lambda: runs)
    expected = [
        step.value
        for step in learners.count(
            None, learners.Config(steps=5), generator=stream(3, "tests.pages.learners")
        )
    ]
    for work in (0.0, 1e15):
        run = play._run(
            "seed",
            learners.count,
            [np.zeros(2)],
            learners.Config(steps=5),
            seed=3,
            total=5,
            work=work,
        )
        end = time.monotonic() + 60
        while not run.finished and time.monotonic() < end:
            run.advance()
        assert (run.job is not None) == (work > 0)
        np.testing.assert_array_equal([s.value for s in run.steps], np.stack(expected))
        runs.clear()


def test_a_refusal_is_one_message_and_what_was_learned_stays() -> None:
    at = page("refuse")
    assert [e.value for e in at.error] == ["steps: wanted fewer, got 5."]
    assert said(at, "drawn") == "drawn: 1 ndarray frame None"
    at.button(key="again-test").click().run()
    assert len(at.error) == 1 and not at.exception


def test_a_refusal_in_a_job_reads_the_same() -> None:
    at = page("refuse", work=1e15)
    until(at, lambda: at.error)
    assert [e.value for e in at.error] == ["steps: wanted fewer, got 5."]
    assert said(at, "drawn") == "drawn: 1 ndarray frame None"


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no kill -9")
def test_a_job_that_is_killed_says_so_and_the_next_one_works() -> None:
    at = page("die", work=1e15)
    until(at, lambda: at.error)
    assert len(at.error) == 1 and not at.exception
    assert "SIGKILL" in at.error[0].value
    assert said(at, "drawn") == "drawn: 1 ndarray frame None"
    at = page("count", work=1e15)
    until(at, lambda: any("True True" in text.value for text in at.text))
    assert said(at, "outside") == "outside: 5 True True" and not at.error


def test_a_bug_stays_visible_and_is_not_tried_again_by_itself(caplog) -> None:
    at = page("break_down")
    at.run()
    assert len(at.error) == 1 and "our fault" in at.error[0].value
    assert learners.started == [5]
    assert "ZeroDivisionError: a bug" in caplog.text
    at.slider(key="steps").set_value(6).run()
    assert learners.started == [5, 6]


def test_two_threads_never_learn_at_once() -> None:
    run = play.Run(identity=(), total=5)
    run.generator = learners.count(None, learners.Config(steps=5), generator=stream(0, "x"))
    with run.busy:
        run.advance()  # another script is in the middle of a step
        assert run.steps == []
        run.close()
        assert learners.closed == []
    run.finished = False
    run.advance()
    assert len(run.steps) == 5 and learners.closed == [5]


def test_a_closed_tab_ends_what_runs() -> None:
    run = play.Run(identity=("something",), total=5)
    run.generator = learners.count(None, learners.Config(steps=5), generator=stream(0, "x"))
    next(run.generator)
    runs = {"test": run}
    play._close(runs)
    assert runs == {} and run.finished and learners.closed == [5]
    play._close(runs)
