"""Object detection: detectors that look at a picture, and boxes, drawings and exports of theirs."""
