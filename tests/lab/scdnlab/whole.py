"""run whole: bytes fetched by bytes of the content, for a play from end to end."""
from scdnlab import media
from scdnlab.setting import row, setting


def run(options):
    names = options.only or media.START
    files = media.make(names, options.seconds)
    for servers in (1, 3):
        with setting(options, servers, nginx=()) as (_, _, cluster):
            for name in names:
                content = cluster.publish(files[name])
                reports = [cluster.play(content) for _ in range(options.runs)]
                if not all(report["played_to_end"] for report in reports):
                    raise SystemExit(f"lab: a play of {name} did not come to its end: {reports}")
                yield row("whole", name, f"scdn, {servers} server{'s' if servers > 1 else ''}", [report["fetched_bytes"] / report["content_bytes"] for report in reports],
                          hedges=[report["hedges"] for report in reports])
