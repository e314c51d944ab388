"""Questions whose conditions depend on each other in a circle."""

from collections.abc import Iterator, Mapping

from openprotect.forms.items import Item


def circles(items: tuple[Item, ...]) -> Iterator[tuple[str, ...]]:
    """Each circle once, as the linkIds along it. Found without recursion, however long it is."""
    asked = {
        item.link_id: tuple(
            condition.question for branch in item.enable_when for condition in branch.conditions
        )
        for item in items
    }
    settled: set[str] = set()
    for start in asked:
        if start not in settled:
            yield from _from(start, asked, settled)


def _from(
    start: str, asked: Mapping[str, tuple[str, ...]], settled: set[str]
) -> Iterator[tuple[str, ...]]:
    path = [start]
    waiting = [iter(asked.get(start, ()))]
    while path:
        following = next(waiting[-1], None)
        if following is None:
            settled.add(path.pop())
            waiting.pop()
        elif following in path:
            if following != path[-1]:
                yield tuple(path[path.index(following) :])
        elif following not in settled and following in asked:
            path.append(following)
            waiting.append(iter(asked[following]))
