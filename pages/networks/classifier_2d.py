"""2-D classifier: a network bends the plane while you watch."""

from dataclasses import replace
from functools import partial
from math import isqrt

import streamlit as st

from core.charts import networks
from core.datasets.points import extent
from core.nets import explain, population
from core.nets.studio import Moment, Studio
from core.rng import stream
from pages._kit import choose, frame, play, points, prose, show
from pages._kit.stage.mosaic import mosaic
from pages._kit.studio import away, mount, remedies, settings, wide

SLUG = "classifier_2d"
VIEWS = ("Overfitting", mount.BY_HAND, "Many seeds at once")
LINES = 24  # of one kind that are written out at once; of more, those of one unit
NETS = (16, 64, 256)
LONG = (20_000, 50_000, 100_000, 200_000, 500_000)
GOALS = (0.9, 0.95, 0.97, 0.99, 1.0)
ABOUT_GOAL = "A net has solved the task when so many of the training points are on the right side."
ABOUT_REMEDIES = """Each switch trains two nets anew from the same seed: **A** without the remedy, **B**
with it. Watch their curves above; the **gap** between training
(solid) and test (dashed) is named."""


def overfitting(studio: Studio, moment: Moment) -> None:
    """Two runs from one seed, without and with a remedy, and the gap of each."""
    st.markdown(ABOUT_REMEDIES)
    remedies.switches(studio)
    if moment.measure.test_loss is None:
        st.info(
            "Without a **Test share**, on the left, there is no gap to see.", icon=":material/info:"
        )
    losses, accuracies = st.columns(2)
    with losses:
        show.chart(networks.compare, moment.curves, moment.config.loss)
    with accuracies:
        show.chart(networks.accuracies, moment.curves)
    st.button("Draw the curves as they are now", key="again", icon=":material/refresh:")


def by_hand(moment: Moment) -> None:
    """One step of gradient descent on one point, every number shown."""
    which, where, fresh = st.columns(3, vertical_alignment="bottom")
    with which:
        i = choose.index("Point", len(moment.points.x), key="point")
    with where:
        last = len(moment.config.sizes) - 1
        k = choose.whole("Layer of weights", 1, last, key="weights", default=last) - 1
    fresh.button("Take the net as it is now", key="now", icon=":material/refresh:")
    x, y = moment.points.x[i], int(moment.points.y[i])
    told = explain.update(moment.state.params, moment.config, x, y)
    before, after = explain.apart(told.loss, told.after)
    st.markdown(
        f"One step of plain gradient descent on point {i} alone, $x = ({x[0]:.3g}, {x[1]:.3g})$, class "
        f"**{frame.plain(moment.names[y])}**, number {y + 1} of {moment.config.classes}: "
        f"its loss goes from {before} to {after}."
    )
    phases = explain.phases(told, layer=k)
    rows = moment.config.sizes[k + 1]
    u = choose.index("Unit", rows, key="unit") if rows * moment.config.sizes[k] > LINES else None
    for tab, phase in zip(st.tabs([p.name.capitalize() for p in phases]), phases, strict=True):
        with tab:
            for part in phase.parts:
                st.markdown(f"**{part.title}** &ensp; ${part.rule}$")
                lines = part.lines if len(part.lines) <= LINES else explain.of_unit(part, u)
                st.latex(explain.latex(lines))
    st.markdown("The same as a computational graph: values go forward, gradients (∂) come back.")
    level = "scalar" if st.toggle("Every single number", key="scalar") else "tensor"
    nodes, edges = explain.rows(explain.graph(told, level))
    with wide.scrolling("graph", networks.graph_width(nodes)):
        show.chart(networks.computational_graph, nodes, edges)


def crowd(studio: Studio, moment: Moment) -> None:
    """Many nets from many seeds, and how many solve the task."""
    left, middle, right = st.columns(3)
    with left:
        nets = choose.slide("Networks", NETS, 64, key="nets")
    with middle:
        examples = choose.slide("Examples each sees", LONG, 100_000, key="examples")
    with right:
        goal = choose.slide("Solved from accuracy", GOALS, 1.0, key="goal", help=ABOUT_GOAL)
    net = replace(moment.config, examples=examples, steps=40)
    config = population.Config(nets=nets, net=net, solved=goal)
    play.play(
        "crowd",
        population.learn,
        moment.points,
        config,
        seed=seed,
        total=net.steps + 1,
        work=population.work(config),
        draw=partial(luck, studio, moment, config),
    )


def luck(studio: Studio, moment: Moment, config: population.Config, trace: play.Trace) -> None:
    """What the nets of a crowd believe, how their losses spread, and how many made it."""
    step = trace.steps[-1]
    solved = int(step.solved.sum())
    st.subheader(f"{solved} of {config.nets} solve it within {step.examples:,} examples")
    believed = population.maps(step.params, config.net, extent(moment.points))
    tiles = networks.decision_mosaic(*believed)
    title = "What each net believes"
    wall = {"columns": isqrt(config.nets), "marked": step.solved.nonzero()[0].tolist()}
    mosaic(tiles, key="crowd", title=title, noun="net", picks="net", frame=trace.frame, **wall)
    if not trace.settled:
        return
    seen = [s.examples for s in trace.steps]
    left, right = st.columns(2)
    with left:
        losses = [s.loss for s in trace.steps]
        show.chart(networks.spread, seen, losses, networks.LOSS[config.net.loss], log=True)
        i = choose.index("Net", config.nets, key="net")
    with right:
        show.chart(networks.solved, seen, [s.share for s in trace.steps])
        if st.button("Look at this net above", key="adopt", icon=":material/visibility:"):
            generator = stream(seed, population.learn.__module__)
            state = population.state_at(moment.points, config, step, i, generator=generator)
            studio.adopt(state, moment.config, seed, f"net {i} of {config.nets}")


with frame.exhibit(SLUG):
    with st.sidebar:
        seed = frame.seed()
        cloud = points.cloud()
        config = settings.chosen()
        frame.device_readout()
    studio = mount.studio(cloud, config, seed)
    moment = studio.moment()
    if moment is not None and len(moment.points.x):
        away.home(studio)
        view = st.segmented_control("Look closer", VIEWS, key="closer", bind="query-params")
        if view == VIEWS[0]:
            overfitting(studio, moment)
        elif view == VIEWS[1]:
            by_hand(moment)
        elif view == VIEWS[2]:
            crowd(studio, moment)
    prose.show(SLUG)
