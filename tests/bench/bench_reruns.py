"""Reruns of an idle visitor, while another visitor's job trains: `python -m tests.bench.bench_reruns`.

Speaks Streamlit's own protocol over its WebSocket, so that no browser's work is in the figures.
Wanted: the median with the job running at most 1.5 times that on an idle server, and at most
25 ms on a quiet machine.
"""

from __future__ import annotations

import statistics
import tempfile
import time

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from tests.browser.conftest import serving

PAGES = ("", "object_detection", "filters_gallery")
HEAVY = "size=16&k=1024&patches=200%2C000&colour=true&sweeps=30"
REPEATS = 40


def run(visitor: ClientConnection, page: str, query: str = "") -> float:
    """Seconds from the request for a run of `page` to the message that it has finished."""
    asked = BackMsg()
    asked.rerun_script.page_name = page
    asked.rerun_script.query_string = query
    start = time.perf_counter()
    visitor.send(asked.SerializeToString())
    while True:
        heard = ForwardMsg()
        heard.ParseFromString(visitor.recv(timeout=60))
        finished = heard.WhichOneof("type") == "script_finished"
        if finished and heard.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
            return time.perf_counter() - start


def time_reruns(server: str, page: str) -> list[float]:
    """Seconds of each rerun, after the page has come to rest."""
    with visit(server) as visitor:
        for _ in range(15):
            run(visitor, page)
        times = []
        for _ in range(REPEATS):
            time.sleep(0.02)
            times.append(run(visitor, page))
        return times


def visit(server: str) -> ClientConnection:
    """A new visitor's connection."""
    address = server.replace("http", "ws", 1) + "/_stcore/stream"
    return connect(address, subprotocols=["streamlit"], origin=server, max_size=None)


def main() -> None:
    with tempfile.TemporaryDirectory() as home, serving(VITRINE_HOME=home) as server:
        time.sleep(12)  # the forkserver loads torch in the background
        quiet = {page: time_reruns(server, page) for page in PAGES}
        with visit(server) as other:
            run(other, "filters_gallery", HEAVY)
            time.sleep(3)
            busy = {page: time_reruns(server, page) for page in PAGES}
        print(f"{'page':<20}{'idle, ms':>10}{'p95':>8}{'job, ms':>10}{'p95':>8}{'ratio':>8}")
        for page in PAGES:
            alone, beside = quiet[page], busy[page]
            middle = statistics.median(alone), statistics.median(beside)
            ends = [1000 * statistics.quantiles(times, n=20)[-1] for times in (alone, beside)]
            print(
                f"{page or 'lobby':<20}{1000 * middle[0]:>10.1f}{ends[0]:>8.1f}"
                f"{1000 * middle[1]:>10.1f}{ends[1]:>8.1f}{middle[1] / middle[0]:>8.2f}"
            )
        print("wanted: idle <= 25 ms, ratio <= 1.50")


if __name__ == "__main__":
    main()
