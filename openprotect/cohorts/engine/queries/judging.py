"""Facts to a mask a person; masks to what holds of everybody, and why some are not asked about."""

import ibis

from openprotect.cohorts.engine.queries.tables import (
    Table,
    Value,
    all_of,
    bit_or,
    has_any,
    inside,
    last_day,
    ordinal,
    tables_of,
)
from openprotect.cohorts.engine.shape import (
    DEAD,
    FIRST_EXCLUSION,
    FOUND,
    NOT_OF_AGE,
    OBJECTED,
    UNREGISTERED,
    WORD,
    Alternative,
    Asks,
    Compares,
    PersonTest,
    Shape,
    words_of,
)


def masks(shape: Shape, *, with_pairs: bool = True) -> Table:
    """Each person with the bits of every condition that a fact of theirs satisfies."""
    by_name = tables_of(shape)
    words = [f"w{word}" for word in range(shape.words)]
    facts = by_name["facts"]
    held = facts if shape.bare else met(shape, facts, by_name["conditions"])
    rows = held.select("person", *words)
    if shape.asked.pairs and with_pairs:
        rows = rows.union(_compared(facts, by_name["pairs"]).select("person", *words))
    return rows.group_by("person").agg(**{word: bit_or(rows[word]) for word in words})


def met(shape: Shape, facts: Table, conditions: Table) -> Table:
    """Facts with each condition that they satisfy."""
    asked = shape.asked
    joined = facts.join(conditions, "selection")
    count = (
        ibis.ifelse(joined.by_days, joined.days, joined.events) if asked.daily else joined.events
    )
    holds = [count >= joined.at_least]
    if asked.few:
        holds.append(count <= joined.at_most)
    if asked.close or asked.daily:
        holds.append(~joined.asks_value | inside(joined.value, joined))
    if asked.first:
        first = joined["first"]
        holds.append((first >= joined.first_from) & (first <= joined.first_to))
    if asked.last:
        last = last_day(joined.stamp)
        holds.append((last >= joined.last_from) & (last <= joined.last_to))
    if asked.apart:
        holds.append(joined.apart_months.isnull() | (ordinal(joined["first"]) <= _back(joined)))
    return joined.filter(holds)


def _back(joined: Table) -> Value:
    """The day number so many months, then days, before the last; a month's end is not passed."""
    last = joined.last_on
    months = last.year().cast("int64") * 12 + last.month() - 1 - joined.apart_months
    start, following = _first_of_month(months), _first_of_month(months + 1)
    length = following - start
    day = ibis.ifelse(last.day() < length, last.day().cast("int64"), length)
    return start + day - 1 - joined.apart_days


def _first_of_month(months: Value) -> Value:
    """The day number of the first of a month that is counted from the year 0."""
    year, month = (months // 12).cast("int64"), months % 12 + 1
    return ordinal(ibis.date(year, month.cast("int64"), 1))


def _compared(facts: Table, pairs: Table) -> Table:
    """Each pair of facts of one person that stand to each other as a pair of the rules asks."""
    facts = facts.select("person", "selection", "first", "stamp")
    asked = facts.join(pairs, "selection")
    others = facts.semi_join(pairs, facts.selection == pairs.other).select(
        whose="person", other="selection", other_first="first", other_stamp="stamp"
    )
    joined = asked.join(others, [asked.person == others.whose, asked.other == others.other])
    own, other, how = last_day(joined.stamp), last_day(joined.other_stamp), joined.compares
    return joined.filter(
        ((how == Compares.LATER) & (other > own))
        | ((how == Compares.LATER_OR_SAME) & (other >= own))
        | ((how == Compares.EARLIER) & (other < own))
        | ((how == Compares.EARLIER_OR_SAME) & (other <= own))
        | ((how == Compares.FIRST_EARLIER) & (joined.other_first < joined["first"]))
    )


def judged(shape: Shape, *, everybody: bool = True) -> Table:
    """Each person with the alternatives that hold, and the reason not to be asked about, if any.

    Everybody is judged, also those of whom no fact is known; or only those with a mask.
    """
    by_name = tables_of(shape)
    people, masked = by_name["people"], _masked(shape, by_name["masks"]).rename(whose="person")
    join = people.left_join if everybody else people.join
    rows = join(masked, people.person == masked.whose).cross_join(by_name["days"])
    words = [name for name in masked.columns if name != "whose"]
    rows = rows.mutate(**{word: rows[word].fill_null(0) for word in words})
    for level in shape.levels:
        rows = rows.mutate(**_held(shape, rows, level))
    held = [rows[f"h{word}"] for word in range(shape.words)]
    return rows.select(
        "person",
        **{f"h{word}": value for word, value in enumerate(held)},
        reason=_reason(shape, rows, held).cast("int8"),
    )


def _masked(shape: Shape, masks: Table) -> Table:
    """Masks with the alternatives that they decide alone, worked out before everybody is joined."""
    words = [masks[f"w{word}"] for word in range(shape.words)]
    alone = [each for each in shape.alternatives if each.is_of_mask]
    return masks.mutate(**{f"h{at}": value for at, value in enumerate(_alone(words, alone))})


def _alone(masked: list[Value], alone: list[Alternative]) -> list[Value]:
    simple = sum(1 << each.bit for each in alone if each.is_simple)
    words = []
    for word, part in zip(masked, words_of(simple, len(masked)), strict=True):
        words.append((word & part) if part else ibis.literal(0, "int64"))
    for each in alone:
        if not each.is_simple:
            word, place = divmod(each.bit, WORD)
            holds = _bits(masked, each.need, each.forbid)
            words[word] = words[word] + holds.cast("int64") * (1 << place)
    return words


def _held(shape: Shape, rows: Table, level: tuple[Alternative, ...]) -> dict[str, Value]:
    """The words of what holds, with those alternatives of a level that ask more than the mask."""
    masked = [rows[f"w{word}"] for word in range(shape.words)]
    held = [rows[f"h{word}"] for word in range(shape.words)]
    words = list(held)
    for each in level:
        if not each.is_of_mask:
            word, place = divmod(each.bit, WORD)
            holds = _holds(shape, rows, each, masked, held)
            words[word] = words[word] + holds.cast("int64") * (1 << place)
    return {f"h{word}": value for word, value in enumerate(words)}


def _holds(
    shape: Shape,
    rows: Table,
    each: Alternative,
    masked: list[Value],
    earlier: list[Value],
) -> Value:
    parts = [_bits(masked, each.need, each.forbid)] if each.need or each.forbid else []
    parts += [_test(rows, number, shape.tests[number]) for number in each.tests]
    parts += [has_any(earlier, shape.bits_of(group)) for group in each.inside]
    parts += [~has_any(earlier, shape.bits_of(group)) for group in each.outside]
    return all_of(parts)


def _bits(words: list[Value], need: int, forbid: int) -> Value:
    """One comparison a word: of the bits needed and forbidden, just those needed are set."""
    count = len(words)
    asked = zip(words, words_of(need, count), words_of(need | forbid, count), strict=True)
    return all_of([(word & both) == needed for word, needed, both in asked if both])


def _test(rows: Table, number: int, test: PersonTest) -> Value:
    """A condition on the person; what is not known is not so."""
    match test.asks:
        case Asks.AGE:
            born = rows.born
            holds = (born <= rows[f"by_{number}"]) & (born > rows[f"after_{number}"])
        case Asks.REGISTRATION:
            joined = rows.registered_on
            holds = (joined <= rows[f"by_{number}"]) & (joined > rows[f"after_{number}"])
        case Asks.SEX:
            holds = rows.sex.isin(test.values)
        case Asks.DECILE:
            holds = rows.decile.isin(test.values)
        case Asks.CARE_HOME:
            known = rows.care_home.fill_null(False)
            return known if test.values == (1,) else ~known
    return holds.fill_null(False)


def _reason(shape: Shape, rows: Table, held: list[Value]) -> Value:
    """Why somebody is not asked about, in the order in which it is counted."""
    cases = []
    if shape.alive:
        died_on = rows.died_on
        cases.append(((died_on <= rows.as_of) | (died_on.isnull() & rows.is_dead), DEAD))
    if shape.registered:
        cases.append((_is_unregistered(shape, rows), UNREGISTERED))
    born = rows.born
    cases.append((born.isnull() | (born > rows.born_by) | (born <= rows.born_after), NOT_OF_AGE))
    if shape.without_objectors:
        cases.append((rows.objected, OBJECTED))
    for place, group in enumerate(shape.exclusion_groups()):
        cases.append((has_any(held, shape.bits_of(group)), FIRST_EXCLUSION + place))
    return ibis.cases(*cases, else_=FOUND)


def _is_unregistered(shape: Shape, rows: Table) -> Value:
    """With no practice, joined later, left by then, or not shown to be there for long enough."""
    practice, joined, left = rows.practice, rows.registered_on, rows.left_on
    elsewhere = practice.isnull() | (practice == rows.no_practice)
    elsewhere = elsewhere | (joined > rows.as_of) | (left <= rows.as_of)
    if shape.registered_long:
        elsewhere = elsewhere | joined.isnull() | (joined > rows.registered_by)
    return elsewhere


def waterfall(shape: Shape) -> Table:
    """For each reason, how many people are not asked about, and how many would have been found."""
    rows = tables_of(shape)["judged"]
    counted = rows.mutate(met=in_a_group(shape, rows).cast("int64"))
    return counted.group_by("reason").agg(people=counted.count(), found=counted.met.sum())


def in_a_group(shape: Shape, rows: Table) -> Value:
    held = [rows[f"h{word}"] for word in range(shape.words)]
    return has_any(held, shape.bits_of_groups())
