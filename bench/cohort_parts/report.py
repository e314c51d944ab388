"""The figures of one run in Markdown: ratios first, then seconds, then targets, met or not."""

from bench.cohort_parts.running import LIMIT

GIGABYTE, MEGABYTE = 1e9, 1e6
REFERENCE = 1_100_000  # people: what the targets are about
NOT_MEASURED = "not measured"


def markdown(results, larger=None):
    parts = [
        f"# Cohorts, side by side: {results.people:,} people",
        _method(results),
        _engines(results),
        _targets(results, larger),
        _preparation(results),
        *_screen(results),
    ]
    return "\n\n".join(parts) + "\n"


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)


def disagreement(results):
    """Who says what, when not all say the same."""
    lines = ["unequal: the engines do not agree"]
    for name, told in results.engines.items():
        said = ", ".join(each[:16] for each in told["digests"])
        lines.append(f"  {name}: {told['found']:,} people found, digest {said}")
    for name, failure in results.failed.items():
        lines.append(f"  {name} failed: {failure.strip().splitlines()[-1]}")
    return "\n".join(lines)


METHOD = """\
{day}, {machine}. {people:,} made-up people with {rows:,}
coded events, prescriptions and admissions (seed {seed}); 15 rules over 27 lists, 3 ways out. Every
engine found the same {found:,} people with the same rules and days (digest {digest}).

Each ran in a process of its own: once *cold*, its files in no cache of the machine, then {rounds}
times *warm*, of which the median counts. *Others* is the share of the machine that other processes
took meanwhile: wall times suffer from it, CPU seconds hardly."""


def _method(results):
    told = results.engines[LIMIT]
    return METHOD.format(
        day=f"{results.at:%-d %B %Y}",
        machine=results.machine,
        people=results.people,
        rows=results.store["rows"]["coded"],
        seed=results.seed,
        found=told["found"],
        digest=told["digests"][0][:16],
        rounds=len(told["warm"]),
    )


def _engines(results):
    names = sorted(results.engines, key=results.warm)
    rows = []
    for name in names:
        told = results.engines[name]
        title = f"**{told['title']}**" if name in (LIMIT, "product") else told["title"]
        rows.append(
            [
                title,
                f"{results.ratio(name):.2f}",
                f"{results.cpu(name) / results.cpu(LIMIT):.2f}",
                f"{results.warm(name):.3f}",
                f"{told['cold']['seconds']:.3f}",
                f"{results.cpu(name):.2f}",
                f"{told['peak'] / MEGABYTE:,.0f}",
                f"{results.others(name):.0%}",
            ]
        )
    head = ["engine, plan, input", "x hand-written SQL", "x in CPU", "warm s", "cold s"]
    return table([*head, "CPU s a run", "peak MB", "others"], rows)


def _targets(results, larger):
    title = "## Targets"
    if results.people != REFERENCE:
        title += (
            f"\n\nThey are meant for {REFERENCE:,} people; here is what this run gives for them."
        )
    rows = [[name, aim, said, verdict] for name, aim, said, verdict in _asked_of(results, larger)]
    return f"{title}\n\n" + table(["what", "target", "measured", ""], rows)


def _asked_of(results, larger):
    """Each target: what, how much, what was measured, and whether that is met."""
    product = results.ratio("product")
    yield _at_most("full run, x hand-written SQL on the same store", product, 1.15, "{:.2f}")
    for name, title, aim in (
        ("postgresql", "faster than PostgreSQL", 10),
        ("scans", "faster than one scan a clause", 20),
        ("pyspark", "faster than the same plan on PySpark, local", 50),
    ):
        if name != "pyspark" or name in results.engines:
            yield _at_least(title, results.ratio(name) / product, aim, "{:.1f} x")
    whole, screen = results.warm("product"), results.extras
    changed = max((each["seconds"] for each in screen.get("edits", [])), default=float("nan"))
    yield _at_most(
        "a changed rule with who joins and leaves, of a full run", changed / whole, 0.2, "{:.2f}"
    )
    yield _at_most("explain one person, ms", screen.get("explain_ms", float("nan")), 5, "{:.1f}")
    peak = results.engines["product"]["peak"] / GIGABYTE if whole == whole else float("nan")
    yield _at_most("peak memory of a run, GB", peak, 1.25, "{:.2f}")
    seconds = results.store["seconds"]
    yield _at_most("preparing the store, s", seconds, 60, "{:.0f}")
    load = results.engines.get("postgresql", {}).get("prepared") or float("nan")
    yield _at_least("preparing, faster than a PostgreSQL load", load / seconds, 10, "{:.1f} x")
    linear = (
        larger.warm("product") / whole / (larger.people / results.people)
        if larger
        else float("nan")
    )
    yield _at_most("five times the people, of five times the time", linear, 1.15, "{:.2f}")


def _at_most(title, value, aim, form):
    return _judged(title, f"at most {aim:g}", value, value <= aim, form)


def _at_least(title, value, aim, form):
    return _judged(title, f"at least {aim:g} x", value, value >= aim, form)


def _judged(title, aim, value, is_met, form):
    if value != value:  # never measured
        return title, aim, NOT_MEASURED, ""
    return title, aim, form.format(value), "met" if is_met else "**not met**"


def _preparation(results):
    """What has to be made before the first question, and how large it is."""
    rows = [["delivered Parquet", "", f"{results.delivered / GIGABYTE:.2f}", "1.0"]]
    store = results.store
    sizes = [("code-sorted store", store["seconds"], store["bytes"])]
    postgresql = results.engines.get("postgresql")
    if postgresql:
        sizes.append(
            ("PostgreSQL, loaded and indexed", postgresql["prepared"], postgresql["bytes"])
        )
    for title, seconds, size in sizes:
        share = size / results.delivered
        rows.append([title, f"{seconds:.1f}", f"{size / GIGABYTE:.2f}", f"{share:.1f}"])
    made = f"Making the people took {results.making:.0f} s. " if results.making else ""
    peak = f"{made}Building the store took {store['peak'] / MEGABYTE:,.0f} MB of memory."
    return "## Made ready\n\n" + table(["what", "s", "GB", "x delivered"], rows) + f"\n\n{peak}"


def _screen(results):
    """A rule changed while one looks at the screen, against a whole run."""
    edits = results.extras.get("edits", [])
    if not edits:
        return
    whole = results.warm("product")
    rows = [
        [
            each["title"],
            f"{each['seconds'] / whole:.2f}",
            f"{each['seconds']:.3f}",
            f"{each['joined']:,}",
            f"{each['left']:,}",
            f"{each['changed']:,}",
        ]
        for each in edits
    ]
    head = ["a rule changed", "of a full run", "s", "join", "leave", "other reasons"]
    yield "## At the screen\n\n" + table(head, rows)
    yield (
        "The same people join and leave as between two whole runs. One person explained:"
        f" {results.extras['explain_ms']:.1f} ms"
        f" (median of {results.extras['explained']} people)."
    )
