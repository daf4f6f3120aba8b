"""run reserve: when a film can be watched without a stop on a line that is too slow for it, as promised and as it was."""
import bisect
import datetime
import json
import threading
import time

from scdnlab import media
from scdnlab.network import run as run_program
from scdnlab.setting import row, setting

SHARES = (0.3, 0.6, 0.9)
LINES = tuple(f"{share} {kind}" for share in SHARES for kind in ("steady", "jumping"))
JUMP_SECONDS = 10
JUMPS = (1.5, 0.5)


def run(options):
    film = media.make_variable(options.seconds)
    rate = film.stat().st_size * 8 / 1e6 / options.seconds
    with setting(options, servers=1, nginx=()) as (network, _, cluster):
        content = cluster.publish(film)
        for line in options.only or LINES:
            share, kind = line.split()
            plays = [_play(network, cluster, content, film, rate * float(share), kind == "jumping", first) for first in range(options.runs)]
            yield row("reserve", line, "true, by the line", [play["line"] for play in plays])
            yield row("reserve", line, "true, by the client", [play["hindsight_seconds"] for play in plays])
            yield row("reserve", line, "promised first", [play["first_promise_seconds"] for play in plays])
            if all("quarter_promise_seconds" in play for play in plays):
                yield row("reserve", line, "promised at a quarter", [play["quarter_promise_seconds"] for play in plays], promises=[play["promises"] for play in plays])
            yield row("reserve", line, "began", [play["ready_seconds"] for play in plays], stalls=[play["stalls"] for play in plays], stall_ms=[play["stall_ms"] for play in plays])


def _play(network, cluster, content, film, rate, jumps, first):
    """One play over a line of so many Mbit/s; of those that jump, every other one begins with the slow side."""
    network.set_rate("s1", rate)
    over = threading.Event()
    came = []
    watching = threading.Thread(target=_watch, args=(network, rate, jumps, first, over, came))
    process = cluster.start_play(content, "--reserve")
    watching.start()
    output, errors = process.communicate()
    over.set()
    watching.join()
    if process.returncode != 0:
        raise SystemExit(f"lab: the play ended with {process.returncode}: {output}{errors}")
    report = json.loads(output)
    return {**report["reserve"], "stalls": report["stalls"], "stall_ms": report["stall_ms"], "line": _earliest(film, came, datetime.datetime.fromisoformat(report["reserve"]["since"]).timestamp())}


def _watch(network, rate, jumps, first, over, came):
    """Lets the line jump, and notes how much had come by when."""
    begun = time.time()
    side = None
    while not over.is_set():
        now = time.time()
        came.append((now, network.received()))
        wanted = (int((now - begun) / JUMP_SECONDS) + first) % len(JUMPS) if jumps else None
        if wanted != side:
            network.set_rate("s1", rate * JUMPS[wanted])
            side = wanted
        over.wait(0.25)


def _earliest(film, came, since):
    """The earliest start that would not have stalled: of each packet of the film, when it had come, less when it is shown. What came besides the film's bytes is taken to be spread evenly."""
    before, last = came[0][1], came[-1][1]
    counts = [(count - before) / (last - before) * film.stat().st_size for _, count in came]
    earliest = 0.0
    for end, shown in _packets(film):
        place = min(bisect.bisect_left(counts, end), len(came) - 1)
        earliest = max(earliest, came[place][0] - since - shown)
    return round(earliest, 2)


def _packets(film):
    """Where each packet ends in the film, and when it is shown."""
    probed = json.loads(run_program("ffprobe", "-v", "error", "-show_entries", "packet=pos,size,pts_time", "-of", "json", film).stdout)
    return [(int(packet["pos"]) + int(packet["size"]), float(packet["pts_time"])) for packet in probed["packets"]]
