"""More than one hand in one process, each on a connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from openprotect.pathway.work import as_worker


def by_hands(chore: Callable[[], int], hands: int) -> int:
    """What a chore does when so many do it at once; each must take only what no other has."""
    others = [_others().submit(_as_worker, chore) for _ in range(hands - 1)]
    return chore() + sum(each.result() for each in others)


@cache
def _others() -> ThreadPoolExecutor:
    """Threads that stay, and with them their connections."""
    return ThreadPoolExecutor(max_workers=8, thread_name_prefix="hand")


def _as_worker(chore: Callable[[], int]) -> int:
    with as_worker():
        return chore()
