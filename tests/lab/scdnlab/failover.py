"""run failover: stalls when the server that serves fails in the middle of a play."""
import json
import time

from scdnlab import media
from scdnlab.setting import row, setting

FAULTS = ("kill -9", "black hole", "reset", "corrupt bytes", "trickle")
# Where the relay has another word for it.
RELAYED = {"corrupt bytes": "corrupt", "silence": "silent"}
PLAY_SECONDS = 16
FAULT_AFTER = 7


def run(options):
    film = media.make(["mkv"], options.seconds)["mkv"]
    with setting(options, servers=3, relays=True, nginx=()) as (network, _, cluster):
        content = cluster.publish(film)
        for fault in options.only or FAULTS:
            for buffer, read_ahead in (("5 s", 5), ("empty", 0)):
                reports = []
                for _ in range(options.runs):
                    reports.append(play(network, cluster, content, fault, read_ahead)[0])
                yield row("failover", fault, f"buffer {buffer}", [report["stall_ms"] / 1000 for report in reports], stalls=[report["stalls"] for report in reports],
                          failovers=[report["failovers"] for report in reports], hedges=[report["hedges"] for report in reports])


def play(network, cluster, content, fault, read_ahead):
    """A play in which the server that serves fails (None: it does not): its report, the server, and when it failed."""
    process = cluster.start_play(content, "--read-ahead", read_ahead, "--duration", f"00:00:{PLAY_SECONDS}")
    time.sleep(FAULT_AFTER)
    victim, began = _serving(cluster), time.time()
    if fault == "kill -9":
        cluster.kill(victim)
    elif fault == "black hole":
        network.cut(victim)
    elif fault:
        cluster.fail(victim, RELAYED.get(fault, fault))
    output, errors = process.communicate()
    if fault == "kill -9":
        cluster.restart(victim)
    elif fault == "black hole":
        network.heal(victim)
    else:
        cluster.fail(victim, "pass")
    if process.returncode != 0:
        raise SystemExit(f"lab: the play ended with {process.returncode}: {output}{errors}")
    # The server is in use again before the next play.
    while sum(1 for server in cluster.operate("server", "list") if server["alive"]) < cluster.servers:
        time.sleep(0.5)
    return json.loads(output), victim, began


def _serving(cluster):
    """The server that sends most."""
    servers = cluster.operate("server", "list")
    return max(servers, key=lambda server: (server["load"] or {}).get("rate_bytes_per_second", 0))["name"]
