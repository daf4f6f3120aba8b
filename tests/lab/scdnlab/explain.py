"""run explain: whether `scdn explain` names the server that failed, the cause, the moment and the cost, as they were brought about."""
import datetime

from scdnlab import media
from scdnlab.failover import play
from scdnlab.setting import row, setting

READ_AHEAD = {5: "buffer 5 s", 0: "buffer empty"}
# What a client can take each for: a program that is killed closes its connections, in the middle of an answer or not, and then nobody is there.
CAUSES = {
    "kill -9": ("unreachable", "reset", "broke-off"),
    "black hole": ("silent",),
    "silence": ("silent",),
    "reset": ("unreachable", "reset", "broke-off"),
    "corrupt bytes": ("corrupt",),
    "trickle": ("slow", "silent"),
    "busy": ("busy",),
    "missing": ("missing",),
    "refused": ("refused",),
}


def run(options):
    film = media.make(["mkv"], options.seconds)["mkv"]
    with setting(options, servers=3, relays=True, nginx=()) as (network, _, cluster):
        content = cluster.publish(film)
        for read_ahead in READ_AHEAD:
            stood = [play(network, cluster, content, None, read_ahead)[0]["stall_ms"] / 1000 for _ in range(options.runs)]
            yield row("explain", f"no fault, {READ_AHEAD[read_ahead]}", "stood still besides", stood)
        for fault in options.only or CAUSES:
            for read_ahead, buffer in READ_AHEAD.items():
                told = [_explain(cluster, fault, *play(network, cluster, content, fault, read_ahead)) for _ in range(options.runs)]
                named = [one for one in told if one["named"]]
                yield row("explain", f"{fault}, {buffer}", "named, of 1", [float(one["named"]) for one in told], cause=[one["cause"] for one in told], summary=[one["summary"] for one in told])
                if not named:
                    continue
                yield row("explain", f"{fault}, {buffer}", "moment", [one["moment_error"] for one in named])
                yield row("explain", f"{fault}, {buffer}", "taken over after", [one["took_over"] for one in named])
                yield row("explain", f"{fault}, {buffer}", "stood still for it", [one["told"] for one in told])
                yield row("explain", f"{fault}, {buffer}", "stood still besides", [one["besides"] for one in told])


def _explain(cluster, fault, report, victim, began):
    """What it says, beside what was done."""
    explained = cluster.operate("explain", report["play"])
    play_told = explained["explanation"]["report"]
    asked = datetime.datetime.fromisoformat(explained["explanation"]["asked"]).timestamp()
    troubles = [event for event in play_told["events"] if event["kind"] in ("left", "late", "stalled") and event.get("server") == victim and event["fault"] in CAUSES[fault] and asked + event["since_ms"] / 1000 > began - 1]
    first = min(troubles, key=lambda event: event["since_ms"], default=None)
    stood = sum(event["ms"] for event in play_told["events"] if event["kind"] == "stalled" and event.get("server") == victim)
    return {
        "named": first is not None,
        "cause": first and first["fault"],
        "moment_error": asked + first["since_ms"] / 1000 - began if first else None,
        "took_over": next((event["ms"] / 1000 for event in play_told["events"] if event["kind"] in ("left", "late") and event.get("server") == victim and "ms" in event), 0),
        # What the player measured is what is put to the server that failed, and what there is without a fault, too.
        "told": stood / 1000,
        "besides": (report["stall_ms"] - stood) / 1000,
        "summary": explained["summary"],
    }
