"""run explain: whether `scdn explain` names the server that failed, the cause, the moment and the cost, as they were brought about."""
import datetime

from scdnlab import media
from scdnlab.failover import play
from scdnlab.setting import row, setting

# What a client can take each for: a program that is killed closes its connections, in the middle of an answer or not, and then nobody is there.
CAUSES = {
    "kill -9": ("unreachable", "reset", "broke-off"),
    "black hole": ("silent",),
    "silence": ("silent",),
    "reset": ("unreachable", "reset", "broke-off"),
    "corrupt bytes": ("corrupt",),
    "trickle": ("slow", "silent"),
}


def run(options):
    film = media.make(["mkv"], options.seconds)["mkv"]
    with setting(options, servers=3, relays=True, nginx=()) as (network, _, cluster):
        content = cluster.publish(film)
        for fault in options.only or CAUSES:
            for buffer, read_ahead in (("5 s", 5), ("empty", 0)):
                told = [_explain(cluster, fault, *play(network, cluster, content, fault, read_ahead)) for _ in range(options.runs)]
                yield row(
                    "explain", fault, f"buffer {buffer}", [one["moment_error"] for one in told], named=[one["named"] for one in told], cause=[one["cause"] for one in told],
                    stall_ms=[one["stall_ms"] for one in told], told_ms=[one["told_ms"] for one in told], took_over_ms=[one["took_over_ms"] for one in told], summary=[one["summary"] for one in told])


def _explain(cluster, fault, report, victim, began):
    """What it says, beside what was done."""
    explained = cluster.operate("explain", report["play"])
    play_told = explained["explanation"]["report"]
    asked = datetime.datetime.fromisoformat(explained["explanation"]["asked"]).timestamp()
    troubles = [event for event in play_told["events"] if event["kind"] in ("left", "late", "stalled") and event.get("server") == victim and event["fault"] in CAUSES[fault] and asked + event["since_ms"] / 1000 > began - 1]
    first = min(troubles, key=lambda event: event["since_ms"], default=None)
    stalls = [event for event in play_told["events"] if event["kind"] == "stalled" and event.get("server") == victim]
    return {
        "named": first is not None,
        "cause": first and first["fault"],
        "moment_error": round(asked + first["since_ms"] / 1000 - began, 3) if first else float("nan"),
        # What the player measured, and what of it is put to the server that failed.
        "stall_ms": report["stall_ms"],
        "told_ms": sum(event["ms"] for event in stalls),
        "took_over_ms": next((event["ms"] for event in play_told["events"] if event["kind"] in ("left", "late") and event.get("server") == victim and "ms" in event), None),
        "summary": explained["summary"],
    }
