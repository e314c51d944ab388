"""Keeps what a run found out, and publishes it as a page and a picture when asked."""

import json
from dataclasses import asdict
from datetime import datetime
from html import escape

from bench.cohort_parts.running import LIMIT, Results

FILE = "results.json"
WIDTH, ROW, LEFT = 760, 46, 10
BAR = 500  # pixels of the longest bar
SVG = 'xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title description"'
INK, QUIET, OURS, THEIRS = "#212b32", "#4c6272", "#005eb8", "#768692"


def keep(results, folder):
    (folder / FILE).write_text(json.dumps(asdict(results), default=datetime.isoformat))


def larger(home, results):
    """The last run with five times the people, if there is one."""
    people = results.people * 5
    kept = home / "bench" / f"{people}-{results.seed}" / FILE
    if not kept.is_file():
        return None
    said = json.loads(kept.read_text())
    return Results(**{**said, "at": datetime.fromisoformat(said["at"])})


def publish(results, text, folder):
    folder.mkdir(exist_ok=True)
    name = f"cohort-{results.people}"
    picture = f"![Seconds of one run, by engine, as multiples of hand-written SQL]({name}.svg)"
    title, rest = text.split("\n\n", 1)
    (folder / f"{name}.md").write_text(f"{title}\n\n{picture}\n\n{rest}")
    (folder / f"{name}.svg").write_text(drawn(results))


def drawn(results):
    """Bars by engine; the same figures stand in the table, so the picture has one description."""
    names = sorted(results.engines, key=results.warm)
    longest = max(results.warm(name) for name in names)
    height = 84 + ROW * len(names)
    said = "; ".join(f"{results.engines[name]['title']}: {_said(results, name)}" for name in names)
    box = f'viewBox="0 0 {WIDTH} {height}" font-family="Frutiger, Arial, sans-serif"'
    lines = [
        f"<svg {SVG} {box}>",
        f'<title id="title">One run over {results.people:,} people, by engine</title>',
        f'<desc id="description">{escape(said)}</desc>',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        _words(LEFT, 26, f"One run over {results.people:,} people", 19, INK, "bold"),
        _words(LEFT, 48, "times hand-written SQL on the same store; seconds, warm", 14, QUIET),
    ]
    for place, name in enumerate(names):
        lines += _bar(results, name, 84 + ROW * place, results.warm(name) / longest)
    return "\n".join([*lines, "</svg>", ""])


def _bar(results, name, top, share):
    width = max(BAR * share, 2)
    colour = OURS if name == "product" else THEIRS
    return (
        _words(
            LEFT,
            top,
            results.engines[name]["title"],
            14,
            INK,
            "bold" if name == "product" else "normal",
        ),
        f'<rect x="{LEFT}" y="{top + 6}" width="{width:.1f}" height="16" fill="{colour}"/>',
        _words(LEFT + width + 8, top + 19, _said(results, name), 14, INK),
    )


def _said(results, name):
    times = "the limit" if name == LIMIT else f"{results.ratio(name):.2f} x"
    return f"{times}, {results.warm(name):.2f} s"


def _words(x, y, text, size, colour, weight="normal"):
    return (
        f'<text x="{x:.1f}" y="{y}" font-size="{size}" font-weight="{weight}" fill="{colour}">'
        f"{escape(text)}</text>"
    )
