"""All about the picked topic, and what can be changed about it: its name, one with others, hidden."""

from __future__ import annotations

import streamlit as st

from core.topics.edits import LONGEST, Hide, Merge, Rename, Show
from core.topics.topics import DIRICHLET
from pages._kit import frame
from pages._kit.topics import browse_npmi, changes, pick
from pages._kit.topics.view import View

NAME, OTHERS = "browse_name", "browse_merge"
ABOUT_ALPHA = {
    True: r"The topic's part of the prior of mixtures, $p(\theta \mid \alpha)$. Far below 1: few documents "
    "have it, and those have much of it.",
    False: r"This model has no prior of mixtures: the mean of $p(z \mid d)$ over documents.",
}


def show(view: View) -> None:
    """The part of the room."""
    row, number = pick.row(view), pick.topic(view)
    error = changes.refused()
    if error is not None:
        frame.report(error)
    st.subheader(f"Topic {number}", anchor=False)
    _numbers(view, row)
    _name(view, row, number)
    _merge(view, number)
    with st.container(horizontal=True):
        st.button(
            "Hide", key="browse_hide", icon=":material/visibility_off:", on_click=changes.add,
            args=(view.fit, Hide(number)), disabled=len(view.edited.seen) < 2,
            help="Out of the way on maps and lists, as a topic of scraps may be. Its share stays.",
        )  # fmt: skip
        done = len(changes.of(view.fit))
        st.button(
            "Undo", key="browse_undo", icon=":material/undo:", on_click=changes.undo,
            args=(view.fit,), disabled=not done, help="Takes back the last change of topics.",
        )  # fmt: skip
        st.button(
            "All as fitted", key="browse_fitted", icon=":material/restart_alt:", type="tertiary",
            on_click=changes.undo, args=(view.fit, done), disabled=not done,
        )  # fmt: skip
    _hidden(view)
    if not changes.link(view.fit):
        st.caption(
            "So many changes are too long for the link: it brings back the topics as fitted."
        )


def _numbers(view: View, row: int) -> None:
    alpha = view.topics.model in DIRICHLET
    told = (
        ("Share", f"{view.edited.share[row]:.1%}", r"$p(z)$: of all words in all documents."),
        (
            r"$\alpha_z$" if alpha else r"Mean $p(z \mid d)$",
            f"{view.topics.alpha[row]:.3g}",
            ABOUT_ALPHA[alpha],
        ),
        ("NPMI", f"{browse_npmi.of(view)[row]:.2f}", browse_npmi.ABOUT),
    )
    with st.container(horizontal=True, gap="medium"):
        for label, value, about in told:
            st.metric(label, value, help=about, width="content")
    made = view.edited.members[row]
    if len(made) > 1:
        st.caption(f"Made of topics {', '.join(map(str, made))}.")


def _name(view: View, row: int, number: int) -> None:
    st.session_state[NAME] = view.edited.names[row]
    st.text_input(
        "Name", key=NAME, max_chars=LONGEST, on_change=_rename, args=(view, number),
        help="Type another and press Enter. Empty: named by its best words again.",
    )  # fmt: skip


def _rename(view: View, number: int) -> None:
    changes.add(view.fit, Rename(number, st.session_state[NAME]))


def _merge(view: View, number: int) -> None:
    others = [view.edited.ids[k] for k in view.edited.seen if view.edited.ids[k] != number]
    if not others:
        return
    told = st.session_state.get(OTHERS, [])
    st.session_state[OTHERS] = [topic for topic in told if topic in others]
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    chosen = left.multiselect(
        "The same as", others, key=OTHERS, placeholder="Other topics",
        format_func=lambda topic: f"{topic} · {view.edited.names[view.edited.row(topic)]}",
        help="Topics that are one to you: their words and shares are added up.",
    )  # fmt: skip
    right.button(
        "Merge", key="browse_merge_now", width="stretch", disabled=not chosen, on_click=_merged,
        args=(view, number, tuple(chosen)),
    )  # fmt: skip


def _merged(view: View, number: int, others: tuple[int, ...]) -> None:
    together = (number, *others)
    changes.add(view.fit, Merge(together))
    st.session_state[OTHERS] = []
    pick.set_topic(min(together))


def _hidden(view: View) -> None:
    if not view.edited.hidden:
        return
    st.caption("Hidden")
    with st.container(horizontal=True):
        for topic in sorted(view.edited.hidden):
            name = view.edited.names[view.edited.row(topic)]
            st.button(
                f"{topic} · {frame.plain(name)}", key=f"browse_show_{topic}", type="tertiary",
                icon=":material/visibility:", on_click=_shown, args=(view, topic),
                help="Show it again",
            )  # fmt: skip


def _shown(view: View, topic: int) -> None:
    changes.add(view.fit, Show(topic))
    pick.set_topic(topic)
