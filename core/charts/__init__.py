"""Arrays in, pictures and Altair charts out. Never imports torch or Streamlit."""
