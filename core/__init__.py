"""Vitrine's engine: learners, detectors and the machinery they run on. Knows nothing of Streamlit."""
