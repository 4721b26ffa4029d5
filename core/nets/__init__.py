"""Multi-layer perceptrons on points of the plane, and ways to look inside one that learns."""
