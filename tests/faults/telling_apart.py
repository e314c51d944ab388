"""How well could somebody tell links apart by how long the page took? A stopwatch that learns.

It learns a threshold on half of the times and is judged on the other half, which it has not seen:
0.5 is chance. It is given as much as an attacker can have: many looks at the same link.
"""

import random
from statistics import median


def best_threshold(first, second):
    """The time, and the side of it, by which these two sets of times are told apart best."""
    marked = sorted([(each, 0) for each in first] + [(each, 1) for each in second])
    below = [0, 0]
    best, at, says = 0, marked[0][0], 0
    for time, which in marked:
        below[which] += 1
        for guess in (0, 1):
            right = below[guess] + (len((first, second)[1 - guess]) - below[1 - guess])
            if right > best:
                best, at, says = right, time, guess
    return at, says


def accuracy(first, second):
    """The share of unseen times that a threshold learnt on the others puts on the right side."""
    half, other = len(first) // 2, len(second) // 2
    at, says = best_threshold(first[:half], second[:other])
    right = sum((time <= at) == (says == 0) for time in first[half:])
    right += sum((time <= at) == (says == 1) for time in second[other:])
    return right / (len(first) - half + len(second) - other)


def by_one_look(times, one, other):
    """Told apart by a single look at each link."""
    return accuracy([each for link in times[one] for each in link],
                    [each for link in times[other] for each in link])  # fmt: skip


def by_many_looks(times, one, other):
    """Told apart by the median of all looks at a link."""
    draw = random.Random(7)  # noqa: S311
    found = []
    for _ in range(20):
        medians = [[median(link) for link in times[which]] for which in (one, other)]
        for each in medians:
            draw.shuffle(each)
        found.append(accuracy(*medians))
    return sum(found) / len(found)
