"""Chart: the dynamic program that finds the best tree, cell by cell, with every number explained."""

from __future__ import annotations

import streamlit as st

from core.parsing.brute import written
from core.parsing.chart import NOTHING, Chart
from core.parsing.cky import WORDS
from core.parsing.k_best import Ranked, k_best
from pages._kit import choose, frame, take
from pages._kit.parsing import chart_counts, chart_files, chart_looked, chart_scene, chart_tree
from pages._kit.parsing.view import View, charted
from pages._kit.stage.cky import cky

KEY = "cky"
TREES = 200  # of which one can be lit
VALUES = {"Best": "viterbi", "Inside": "inside", "Outside": "outside", "Posterior": "posterior"}
ABOUT = {
    "viterbi": "**w[i, j, X]**, as in the course: the best probability with which X becomes words i to j.",
    "inside": "**Inside**: the probabilities of all ways in which X becomes words i to j, summed.",
    "outside": "**Outside**: all that can stand round an X over words i to j, summed, from the top down.",
    "posterior": "**Posterior**: the share of all trees, by probability, with an X over words i to j.",
}
COUNTED = "Words are counted from 1, $x_1 \\dots x_n$."


def show(view: View) -> None:
    chart = view.chart
    if chart is None:
        st.info("Type a sentence, and its chart fills here.", icon=":material/edit:")
        return
    _told(chart)
    n = len(chart.words)
    if n > WORDS:
        st.info(
            f"This sentence has {n:,} words. Charts of up to {WORDS} are drawn; of this one there are only "
            "the numbers.",
            icon=":material/grid_off:",
        )
        chart_counts.panel(chart, None)
        return
    filled = chart_scene.filled(view.text, view.words)
    scene = filled.scene
    values, tree = _controls(view, chart, scene.sums)
    looked = chart_looked.now(KEY, scene)
    listed = chart_looked.listed(chart, scene, looked)
    parts = [] if tree is None else chart_tree.parts(tree.tree, chart.normal)
    name = f"Chart of {n} words, {scene.cells.shape[0]} cells"
    cky(scene, parts, values=values, looked=looked, listed=listed, key=KEY, name=name)
    if not scene.whole:
        st.caption(
            "More products are tried here than can be shown at once: the cells hold their likeliest "
            "categories, and all that was tried for one is listed when you click it."
        )
    files = {
        "chart.csv": lambda: chart_files.as_csv(chart),
        "chart.json": lambda: chart_files.as_json(chart),
    }
    take.home(files, labels={"csv": "Chart (CSV)", "json": "Chart (JSON)"})
    chart_counts.panel(chart, filled.cells)


def _controls(view: View, chart: Chart, sums: bool) -> tuple[str, Ranked | None]:
    """Which numbers are shown, and which tree is lit."""
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    options = list(VALUES) if sums else ["Best"]
    if st.session_state.get("chart_values") not in (None, *options):
        st.session_state["chart_values"] = "Best"
    with left:
        chosen = st.segmented_control(
            "Numbers",
            options,
            default="Best",
            key="chart_values",
            bind="query-params",
            required=True,
        )
    values = VALUES[chosen or "Best"]
    tree = None
    if chart.log_best > NOTHING:
        count = min(chart.count, TREES) if sums else 1
        place = 1
        if count > 1:
            label = f"Lit tree of {written(chart.count)}, 1 is the best"
            more = f" The first {TREES} can be chosen." if chart.count > TREES else ""
            about = f"Its cells are framed in the chart.{more}"
            with right:
                place = choose.whole(label, 1, count, default=1, key="chart_tree", help=about)
        tree = nth(view.text, view.words, place)
    more = "" if sums else " Sums over all trees take too long for this grammar and sentence."
    st.caption(f"{ABOUT[values]} {COUNTED}{more}")
    return values, tree


@st.cache_resource(max_entries=64, show_spinner=False)
def nth(text: str, words: tuple[str, ...], place: int) -> Ranked:
    """The tree of this place, 1 the best."""
    return k_best(charted(text, words), place)[-1]


def _told(chart: Chart) -> None:
    """Say why there is no tree, where there is none."""
    if chart.unknown:
        words = list(dict.fromkeys(chart.words[k] for k in chart.unknown))
        some = ", ".join(frame.plain(f"“{word[:40]}”") for word in words[:6])
        more = f" and {len(words) - 6} more" if len(words) > 6 else ""
        st.warning(
            f"No rule of the grammar makes {some}{more}. "
            "The cells of these words stay empty, and so does every cell above them.",
            icon=":material/help:",
        )
    elif chart.log_best == NOTHING:
        st.info(
            "The grammar has no tree for this sentence: the chart fills as far as it can, "
            f"but no {frame.plain(chart.normal.grammar.S)} arrives at the top.",
            icon=":material/info:",
        )
