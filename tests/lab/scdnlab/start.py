"""run start: seconds to the first frame."""
import datetime

from scdnlab import media, peers
from scdnlab.setting import row, setting, transfer

SLACK = 0.3


def run(options):
    names = options.only or media.START
    files = media.make(names, options.seconds)
    with setting(options, servers=1) as (_, nginx, cluster):
        for name in names:
            content, url = cluster.publish(files[name]), nginx["s1"].url(files[name])
            needed = peers.ffmpeg_bytes("s1", url)
            measured = {key: [] for key in ("nginx + ffmpeg", "nginx + mpv", "scdn", "scdn, prepared", "scdn, cold", "at most")}
            for _ in range(options.runs):
                measured["nginx + ffmpeg"].append(peers.ffmpeg_first_frame(url))
                measured["nginx + mpv"].append(peers.mpv_first_frame(url))
                measured["scdn"].append(_play(cluster, content, "--prepare", "connections")["first_frame_ms"] / 1000)
                measured["scdn, prepared"].append(_play(cluster, content, "--prepare", "head")["first_frame_ms"] / 1000)
                measured["scdn, cold"].append(_cold(cluster, content))
            measured["at most"].append(2 * options.rtt / 1000 + transfer(options, needed) + SLACK)
            for system, values in measured.items():
                yield row("start", name, system, values)
        if "mkv" in names:
            yield row("start", "hls, aes-128", "nginx + ffmpeg", [peers.ffmpeg_first_frame(nginx["s1"].url(media.make_hls(files["mkv"]))) for _ in range(options.runs)])
    with setting(options, servers=3, nginx=()) as (_, _, cluster):
        for name in names:
            content = cluster.publish(files[name])
            yield row("start", name, "scdn, 3 servers", [_play(cluster, content, "--prepare", "connections")["first_frame_ms"] / 1000 for _ in range(options.runs)])


def _play(cluster, content, *how):
    return cluster.play(content, *how, "--duration", "00:00:00.2")


def _cold(cluster, content):
    """From nothing: the process, sign-in, connections."""
    began = datetime.datetime.now(datetime.UTC)
    report = cluster.sign_in(content)
    return (datetime.datetime.fromisoformat(report["first_frame_at"]) - began).total_seconds()
