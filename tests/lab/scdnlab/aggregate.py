"""run aggregate: bytes a second of one content from three servers, in order, beside aria2c."""
from scdnlab import media, peers
from scdnlab.setting import row, setting

# Of an IP packet of 1500 bytes, with timestamps.
PAYLOAD = 1448 / 1500


def run(options):
    film = media.make(["mkv"], options.seconds)["mkv"]
    size = film.stat().st_size
    with setting(options, servers=3, nginx=("s1", "s2", "s3")) as (_, nginx, cluster):
        content = cluster.publish(film)
        most = 3 * options.rate * 1e6 / 8 * PAYLOAD
        urls = [peer.url(film) for peer in nginx.values()]
        measured = {"scdn": [], "aria2c, 1 connection each": [], "aria2c, 5 connections each": []}
        for _ in range(options.runs):
            process, url = cluster.start_url(content)
            rate, got = peers.curl_rate(url)
            peers.stop(process)
            if got != size:
                raise SystemExit(f"lab: {got} of {size} bytes came")
            measured["scdn"].append(rate / most)
            measured["aria2c, 1 connection each"].append(peers.aria2c_rate(urls, size, 1) / most)
            measured["aria2c, 5 connections each"].append(peers.aria2c_rate(urls, size, 5) / most)
        for system, values in measured.items():
            yield row("aggregate", "mkv", system, values, bytes=size, payload_bytes_per_second=round(most))
