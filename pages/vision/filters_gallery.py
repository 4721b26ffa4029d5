"""Filters gallery: spherical K-means on photographs."""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial

import streamlit as st

from core import trace as numbers
from core.charts import learning, pictures
from core.features import filters
from core.weights import to_safetensors
from pages._kit import choose, frame, play, prose, show, sources, take
from pages._kit.stage.mosaic import mosaic

SLUG = "filters_gallery"
PATCHES = (1_000, 3_000, 10_000, 30_000, 100_000, 200_000)
FILTERS = (16, 36, 64, 100, 144, 196, 256, 400, 576, 784, 1024)
EPS_NORM = (0.0, 0.01, 0.1, 1.0, 10.0, 100.0, 1000.0)
EPS_ZCA = (None, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
TAKE = {"png": "Filters, PNG", "safetensors": "Filters, safetensors", "csv": "Trace, CSV"}
ABOUT_NORM = """Added to the variance of each patch before dividing by its root. Pixels run from 0 to
255; small values blow up the noise of flat patches."""
ABOUT_ZCA = """Added to every eigenvalue before whitening divides by its root. Small values sharpen,
large ones blur."""


def controls() -> tuple[list[sources.Photograph], filters.Config, int]:
    """What to learn from, how, and the seed."""
    photos = sources.photographs(default=("astronaut", "motorcycle", "coffee"), longest=640)
    config = filters.Config(
        grey=not st.toggle("Colour", key="colour", bind="query-params"),
        size=choose.slide("Patch size, pixels a side", range(6, 17), 8, key="size"),
        k=choose.slide("Filters K", FILTERS, 100, key="k"),
        n=choose.slide("Patches", PATCHES, 30_000, key="patches"),
        sweeps=choose.slide("Sweeps", range(1, 31), 10, key="sweeps"),
        eps_norm=choose.slide("Contrast, ε norm", EPS_NORM, 10.0, key="eps_norm", help=ABOUT_NORM),
        eps_zca=choose.slide("Whitening, ε zca", EPS_ZCA, 0.1, key="eps_zca", help=ABOUT_ZCA),
    )
    return photos, config, frame.seed()


def draw(trace: play.Trace) -> None:
    """One frame: the wall, and when it is done what the chosen filter sees and the run in numbers."""
    prepared, *sweeps = trace.steps
    if not sweeps:
        return
    wall, detail = st.columns([3, 2], gap="large")
    with wall:
        above = st.container()
        step = play.scrub(trace, first=1, unit="Sweep")
        state = "done" if trace.finished else "learning"
        st.caption(
            f"Sweep {step.sweep} of {config.sweeps} · {state} · distortion "
            f"{step.distortion:.4g} · {step.idle} idle"
        )
    if trace.settled:
        with detail:
            closer(prepared, step)
    with above:  # after the choice of a filter, which it shows
        tiles, title = filters.tiles(step.D, config), f"Sweep {step.sweep}"
        mosaic(tiles, key="wall", title=title, noun="filter", picks="filter", frame=trace.frame)
    if trace.settled:
        history(prepared, step, sweeps)


def closer(prepared: filters.Prepared, step: filters.Step) -> None:
    """Where the chosen filter answers, and to what."""
    left, right = st.columns(2)
    with left:
        j = choose.index("Filter", config.k, key="filter", default=filters.busiest(step))
    with right:
        photo = choose.one("On", photos, key="on")
    w = filters.kernel(prepared, step, j)
    pixels = [p.pixels for p in photos]
    answer = show.kept(filters.response, photo.pixels, w, config)
    show.picture(pictures.over, photo.pixels, answer, alt=f"response of filter {j}")
    st.caption("Orange: the photograph matches the filter. Blue: it matches its negative.")
    best = [found.patch for found in show.kept(filters.strongest, pixels, w, config)]
    show.picture(pictures.mosaic, best, columns=8, scale=5, gap=3, alt="strongest patches")
    st.caption(f"The {len(best)} patches it answers to most strongly; none overlaps another.")


def whitening(prepared: filters.Prepared, settled: bool) -> None:
    """The same patches and their covariance on the way to the learner."""
    st.subheader("Before and after whitening")
    some = slice(60)
    shown = {
        "Patches as cut": filters.pixels(prepared.raw[some], config),
        "Normalised: no brightness, no contrast": filters.tiles(prepared.normalised[some], config),
        "Whitened: what the learner gets": filters.tiles(prepared.whitened[some], config),
    }
    for column, name in zip(st.columns(3), shown, strict=True):
        with column:
            show.picture(pictures.mosaic, shown[name], columns=10, scale=4, alt=name)
            st.caption(name)
    cov = prepared.covariance_before, prepared.covariance_after
    before, after, spectrum = st.columns(3)
    with before:
        show.picture(pictures.matrix, cov[0], alt="covariance before whitening")
        st.caption("Covariance, pixel by pixel: orange rise and fall together, blue apart.")
    with after:
        show.picture(pictures.matrix, cov[1], alt="covariance after whitening")
        st.caption("After whitening each pixel varies nearly by itself.")
    if settled:
        with spectrum:
            show.chart(learning.spectra, *cov)


def history(prepared: filters.Prepared, step: filters.Step, sweeps: list[filters.Step]) -> None:
    """The run in numbers, and everything to take home."""
    st.subheader("Sweep by sweep")
    rows = numbers.scalars(sweeps)[1:]
    curve, idle = st.columns(2)
    with curve:
        show.chart(learning.curve, rows, "distortion", "mean ‖Ds − x‖²", now=step.sweep)
    with idle:
        show.chart(learning.curve, rows, "idle", "idle centroids", now=step.sweep, counts=True)
    about = asdict(config) | {"sweep": step.sweep, "seed": seed}
    arrays = {"D": step.D, "W": prepared.matrix}
    files: dict[str, Callable[[], bytes | str]] = {
        "filters.png": partial(pictures.sheet, filters.tiles(step.D, config)),
        "filters.safetensors": partial(to_safetensors, arrays, about),
        "trace.csv": partial(numbers.to_csv, sweeps),
    }
    take.home(files, labels=TAKE)


with frame.exhibit(SLUG):
    with st.sidebar:
        photos, config, seed = controls()
        frame.device_readout()
    if photos:
        trace = play.play(
            SLUG,
            filters.learn,
            [p.pixels for p in photos],
            config,
            seed=seed,
            total=config.sweeps + 2,
            work=filters.work(config),
            draw=draw,
        )
        if trace.calm:
            if trace.steps:
                whitening(trace.steps[0], trace.settled)
            prose.show(SLUG)
    else:
        st.info("Choose a photograph on the left, or upload one.", icon=":material/photo_library:")
        prose.show(SLUG)
