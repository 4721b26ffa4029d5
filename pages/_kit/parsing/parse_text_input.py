"""Which text: typed, one of the samples, or from a file. The link holds it where it is not too long."""

from __future__ import annotations

from urllib.parse import quote

import streamlit as st

from core.datasets import text as files
from core.datasets.sentences import CHARACTERS, is_chinese
from core.errors import UploadError
from pages._kit import frame

LINK = 6_000  # characters of a text in the link, as they are written there
ABOUT = (
    f"Up to {CHARACTERS:,} characters. An empty line ends a sentence, and so does the end of a short "
    "line; a long line goes on in the next one."
)
SAMPLES = {
    "english": {
        "Little stories": "The man saw the bird with the telescope. When the rain stopped, the children "
        "ran into the old garden. She thinks that the teacher who wrote the letter lives in Paris.",
        "Words it never saw": "The astronomer photographed seventeen glowing comets. Zorbla quickly "
        "frobnicated the wugs. Every penguin in Ohio likes Beethoven.",
        "Ambiguous": "The girl saw the boy in the garden with the dog. The old man sat on the table "
        "by the window of the house. Tom and Mary and Anna sang.",
        "As people write": 'Mr. Smith didn\'t expect rain on Jan. 3. "Where are my keys?" he asked, and '
        "went back to the U.S. embassy (it was closed). Prices rose 3.5 % last year.",
    },
    "chinese": {
        "Little stories": "学生用望远镜看星星。我买的书很有趣，老师也喜欢。妈妈在厨房做饭。",
        "Words it never saw": "熊猫在动物园里睡觉。她买了三台新电脑！你认识北京的画家吗？",
        "As people write": "他说：“我明天去上海。”昨天的天气很冷……我们在家看电影，喝茶。",
    },
    "other": {},
}  # fmt: skip


def chosen(language: str) -> str:
    """The text, for a grammar of this language."""
    key, kept = f"text_{language}", f"text_kept_{language}"
    samples = SAMPLES[language]
    if key not in st.session_state:  # the first time, or back from another room
        first = next(iter(samples.values()), "")
        linked = st.query_params.get(key)
        st.session_state[key] = st.session_state.get(kept, first if linked is None else linked)[
            :CHARACTERS
        ]
    _uploaded(key)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="samples"):
        for title, sample in samples.items():
            st.button(
                title, key=f"sample_{title}", type="tertiary", on_click=_take, args=(key, sample),
                disabled=st.session_state[key] == sample,
            )  # fmt: skip
    text = st.text_area(
        "Text", key=key, height=190, max_chars=CHARACTERS, help=ABOUT,
        placeholder="Type or paste sentences …",
    )  # fmt: skip
    st.session_state[kept] = text
    _to_link(key, text, next(iter(samples.values()), ""))
    return text


def _take(key: str, text: str) -> None:
    st.session_state[key] = text
    st.session_state.pop("text_table", None)


def _to_link(key: str, text: str, first: str) -> None:
    for other in SAMPLES:
        if f"text_{other}" != key:
            st.query_params.pop(f"text_{other}", None)
    fits = len(quote(text, errors="replace")) <= LINK
    if text == first or not fits:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != text:
        st.query_params[key] = text
    if not fits:
        st.caption(":material/link_off: This text is too long for the link.")


def _uploaded(key: str) -> None:
    with st.popover("Text from a file", icon=":material/upload_file:"):
        file = st.file_uploader(
            "Text file", ["txt"], key="text_file", max_upload_size=files.MAX_BYTES >> 20,
            label_visibility="collapsed",
        )  # fmt: skip
        st.caption("Plain text, in UTF-8, UTF-16, GBK or another encoding.")
    if file is None:
        return
    if file.file_id != st.session_state.get("text_file_read"):
        st.session_state["text_file_read"] = file.file_id
        try:
            found = files.decode(file.getvalue(), file.name).text
        except UploadError as error:
            frame.report(error)
            return
        _take(key, found[:CHARACTERS])
        st.session_state["text_file_left"] = len(found) - CHARACTERS
    left = st.session_state.get("text_file_left", 0)
    if left > 0:
        st.info(
            f"The first {CHARACTERS:,} characters of the file are here; {left:,} were left out.",
            icon=":material/content_cut:",
        )


def doubts(text: str, language: str) -> str:
    """What is odd about a text for a grammar of this language; nothing where all is well."""
    if language == "chinese" and not is_chinese(text):
        return "This grammar is of Chinese, and most of the text is not. Another one is in the sidebar."
    if language != "chinese" and is_chinese(text):
        return (
            "Most of this text is Chinese, and the grammar is not. Another one is in the sidebar."
        )
    return ""
