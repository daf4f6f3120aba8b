"""run lossy: bytes a second over a line that loses packets, beside one connection."""
from scdnlab import media, peers
from scdnlab.setting import row, setting

SECONDS = 30


def run(options):
    film = media.make(["mkv"], options.seconds)["mkv"]
    with setting(options, servers=1, loss=options.loss) as (_, nginx, cluster):
        content = cluster.publish(film)
        measured = {"nginx, one connection": [], "scdn": []}
        for _ in range(options.runs):
            measured["nginx, one connection"].append(peers.curl_rate(nginx["s1"].url(film), SECONDS)[0] / 1e6)
            process, url = cluster.start_url(content)
            measured["scdn"].append(peers.curl_rate(url, SECONDS)[0] / 1e6)
            peers.stop(process)
        for system, values in measured.items():
            yield row("lossy", "mkv", system, values, loss_per_mille=options.loss)
