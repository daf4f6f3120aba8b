"""Rows as a table for people, in a terminal or in docs/benchmarks, and as a plot."""
import datetime
import html
import math
import os
import platform
import subprocess

from scdnlab.media import APART
from scdnlab.network import ROOT

COLOURS = ("#4c78a8", "#9ecae9", "#e45756", "#f2a0a0", "#72b7b2", "#bab0ac", "#54a24b", "#eeca3b")


def table(rows):
    """A table in Markdown: a line for each container, a column for each system."""
    systems, containers = _order(rows, "system"), _order(rows, "container")
    values = {(row["container"], row["system"]): row for row in rows}
    lines = ["| | " + " | ".join(systems) + " |", "|---" * (len(systems) + 1) + "|"]
    for container in containers:
        lines.append(f"| {container} | " + " | ".join(_cell(values.get((container, system))) for system in systems) + " |")
    return "\n".join(lines)


def ratios(rows, peer, ours):
    """For each container that both have: the peer's median by ours; and the geometric mean of those that are not apart (media.APART)."""
    of = {(row["container"], row["system"]): row["median"] for row in rows}
    found = {container: of[container, peer] / of[container, ours] for container in _order(rows, "container") if (container, peer) in of and (container, ours) in of}
    together = [ratio for container, ratio in found.items() if container not in APART]
    mean = math.exp(sum(math.log(ratio) for ratio in together) / len(together)) if together else None
    return found, mean


def plot(rows, title, unit):
    """Horizontal bars as SVG, on a logarithmic scale where values are far apart."""
    systems, containers = _order(rows, "system"), _order(rows, "container")
    values = {(row["container"], row["system"]): row["median"] for row in rows}
    most, least = max(values.values()), max(min(values.values()), 1e-3)
    logarithmic = most / least > 30
    width, left, bar, gap = 900, 150, 11, 12

    def length(value):
        share = math.log(max(value, least) / least * 1.2) / math.log(most / least * 1.2) if logarithmic else value / most
        return max(1.0, share * (width - left - 90))

    parts, y = [], 56 + 18 * ((len(systems) + 2) // 3)
    for container in containers:
        present = [system for system in systems if (container, system) in values]
        parts.append(f'<text x="{left - 8}" y="{y + len(present) * bar / 2 + 4}" text-anchor="end">{html.escape(container)}</text>')
        for system in present:
            value = values[container, system]
            parts.append(f'<rect x="{left}" y="{y}" width="{length(value):.1f}" height="{bar - 1}" fill="{COLOURS[systems.index(system) % len(COLOURS)]}"/>')
            parts.append(f'<text x="{left + length(value) + 4:.1f}" y="{y + bar - 2}" font-size="9">{value:.2f}</text>')
            y += bar
        y += gap
    legend = [
        f'<rect x="{left + 245 * (place % 3)}" y="{36 + 18 * (place // 3)}" width="10" height="10" fill="{COLOURS[place % len(COLOURS)]}"/>'
        f'<text x="{left + 245 * (place % 3) + 15}" y="{45 + 18 * (place // 3)}">{html.escape(system)}</text>' for place, system in enumerate(systems)]
    scale = f"{unit}{', logarithmic' if logarithmic else ''}"
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {y}" font-family="sans-serif" font-size="12">\n<rect width="100%" height="100%" fill="white"/>\n'
            f'<text x="{left}" y="22" font-size="15">{html.escape(title)} ({scale})</text>\n' + "\n".join(legend + parts) + "\n</svg>\n")


def write(name, rows, title, unit, conditions, comparisons):
    """docs/benchmarks/NAME.md and .svg."""
    folder = ROOT / "docs" / "benchmarks"
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False).stdout.strip()
    text = [f"# {title}", "", f"{datetime.date.today()}, commit {commit}, {platform.machine()}, {os.cpu_count()} cores; `tests/lab/lab run {name}`: {conditions}. Median, and the range of all runs.", "",
            table(rows), "", f"![{title}]({name}.svg)", ""]
    for peer, ours in comparisons:
        found, mean = ratios(rows, peer, ours)
        if found:
            apart = f" ({', '.join(container for container in found if container in APART)} apart)" if any(container in APART for container in found) else ""
            verb, much = ("takes", "long") if unit == "seconds" else ("brings", "much")
            times = f" {mean:.2f} times as {much} as {ours} in the geometric mean{apart}" if mean else f" so many times as {much} as {ours}"
            text += [f"{peer} {verb}{times}: " + ", ".join(f"{container} {ratio:.2f}" for container, ratio in found.items()) + ".", ""]
    (folder / f"{name}.md").write_text("\n".join(text))
    (folder / f"{name}.svg").write_text(plot(rows, title, unit))


def _order(rows, key):
    return list(dict.fromkeys(row[key] for row in rows))


def _cell(row):
    if row is None:
        return ""
    spread = f" ({min(row['values']):.2f}–{max(row['values']):.2f})" if len(row["values"]) > 1 else ""
    stalls = f", {sum(1 for count in row['stalls'] if count)} of {len(row['stalls'])} stalled" if "stalls" in row else ""
    return f"{row['median']:.2f}{spread}{stalls}"

