"""Where examples come from: bundled, drawn by a formula, or brought by the visitor."""
