"""run seek: seconds to the picture at 60 %, in a running player and in a fresh process."""
from scdnlab import media, peers
from scdnlab.setting import row, setting, transfer

SLACK = 0.25


def run(options):
    names = options.only or tuple(media.CONTAINERS)
    files = media.make(names, options.seconds)
    at = options.seconds * 0.6 + 0.5
    with setting(options, servers=1) as (_, nginx, cluster):
        for name in names:
            content, url = cluster.publish(files[name]), nginx["s1"].url(files[name])
            needed = peers.ffmpeg_bytes("s1", url, at)
            measured = {key: [] for key in ("nginx + ffmpeg -ss", "scdn --at", "at most", "nginx, mpv runs", "scdn, mpv runs")}
            for _ in range(options.runs):
                measured["nginx + ffmpeg -ss"].append(peers.ffmpeg_first_frame(url, at))
                measured["scdn --at"].append(cluster.play(content, "--prepare", "connections", "--at", _time(at), "--duration", "00:00:00.2")["first_frame_ms"] / 1000)
                if name in media.VIEWS:
                    continue
                measured["nginx, mpv runs"].append(peers.mpv_seek(url, at))
                process, own = cluster.start_url(content)
                measured["scdn, mpv runs"].append(peers.mpv_seek(own, at))
                peers.stop(process)
            measured["at most"].append(2 * options.rtt / 1000 + transfer(options, needed) + SLACK)
            for system, values in measured.items():
                if values:
                    yield row("seek", name, system, values)


def _time(seconds):
    return f"{int(seconds // 3600):02}:{int(seconds % 3600 // 60):02}:{seconds % 60:06.3f}"
