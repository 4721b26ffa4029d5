"""The first page: what this is, a card per exhibit, the machine."""

import streamlit as st

from core import device
from pages._kit import frame
from pages._kit.catalogue import EXHIBITS
from pages._kit.thumbnails import thumbnail

st.title("Vitrine", anchor=False)
st.markdown("A place to **see** how deep learning works: all of it is computed while you look.")

with frame.guard():
    wall = st.grid(min(3, len(EXHIBITS)), min_column_width=300, gap="medium")
    for exhibit in EXHIBITS:
        with wall.cell().container(border=True):
            picture = thumbnail(exhibit.slug)
            if picture is not None:
                st.image(picture, width="stretch", output_format="PNG", alt="")
            st.page_link(exhibit.path, label=f"**{exhibit.title}**", icon=exhibit.icon)
            st.caption(exhibit.blurb)
    st.caption(f":material/memory: Computing on {device.describe(device.choose())}")
