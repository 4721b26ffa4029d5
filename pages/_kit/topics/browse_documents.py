"""Documents with most of the picked topic, each the way into the room Documents."""

from __future__ import annotations

import streamlit as st

from core.topics.neighbours import top_documents
from pages._kit import frame
from pages._kit.topics import pick
from pages._kit.topics.documents_excerpt import excerpt
from pages._kit.topics.view import View, once

MANY = 5
SEEN = 56  # letters of a title


def show(view: View) -> None:
    """The part of the room."""
    row = pick.row(view)
    st.subheader("Documents with most of it", anchor=False)
    for d, share, text in once(view, _top, row):
        with st.container(border=True, gap="xsmall"):
            title = view.prepared.documents.titles[d]
            st.button(
                f"{share:.0%} **{frame.plain(_short(title))}**", key=f"browse_open_{d}",
                type="tertiary", icon=":material/article:", on_click=_open, args=(d,),
                help="Open it in the room Documents",
            )  # fmt: skip
            st.caption(f"{frame.plain(text)} …")
    if not once(view, _top, row):
        st.caption("No documents came with this model.")


def _top(view: View, row: int) -> list[tuple[int, float, str]]:
    found = top_documents(view.topics.doc_topic, row, view.prepared.length, MANY)
    texts, corpus = view.prepared.documents.texts, view.prepared.corpus
    return [
        (d, share, "".join(part for part, _ in excerpt(corpus, texts[d], ())))
        for d, share in zip(found.documents.tolist(), found.values.tolist(), strict=True)
    ]


def _short(title: str) -> str:
    """The end of a long title: a name's last part tells most."""
    return title if len(title) <= SEEN else f"… {title[-SEEN:]}"


def _open(document: int) -> None:
    pick.set_document(document)
    pick.go("Documents")
