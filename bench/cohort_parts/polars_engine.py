"""The task in Polars: lazy, the mask plan, over the Parquet files as they were delivered."""

from datetime import date

import polars as pl

from bench.cohort_parts import task
from bench.cohort_parts.engine import Engine
from bench.cohort_parts.people import AS_OF

EPOCH = date(1970, 1, 1)
WANTED = {
    "list": pl.Int64,
    "system": pl.String,
    "code": pl.String,
    "since": pl.Date,
    "low": pl.Float64,
    "high": pl.Float64,
}


class Polars(Engine):
    name, title = "polars", "Polars, lazy, mask plan, Parquet as delivered"
    reads = "delivered"

    def open(self):
        asked = {number: rest for number, *rest in task.asked()}
        rows = [(number, *code, *asked[number]) for number, *code in task.listed_codes()]
        self.wanted = pl.LazyFrame(rows, WANTED, orient="row")
        self.events = pl.scan_parquet([str(path) for path in self.spec.events])
        self.people = pl.scan_parquet([str(path) for path in self.spec.people])

    def run(self):
        # Facts are held once: the engine would otherwise scan all events again for the days.
        facts = self._facts().collect(engine="streaming")
        return _answered(self.people, facts.lazy()).collect().to_arrow()

    def _facts(self):
        value, on = pl.col("value"), pl.col("on")
        believed = pl.col("low").is_null() | ((value > pl.col("low")) & (value < pl.col("high")))
        return (
            self.events.select("nhs_number", "system", "code", "on", "value")
            .filter(on <= AS_OF)
            .join(self.wanted, on=["code", "system"])
            .filter(on >= pl.col("since"), believed)
            .group_by("nhs_number", "list")
            .agg(
                f=on.min(),
                l=on.max(),
                n=pl.len(),
                p=((on - EPOCH).dt.total_days() * 1024.0 + value).max(),
            )
            .with_columns(v=pl.col("p") - (pl.col("l") - EPOCH).dt.total_days() * 1024.0)
        )


def _answered(people, facts):
    masks = facts.group_by("nhs_number").agg(met=_met().sum(), ended=_ended())
    net = masks.select("nhs_number", m=pl.col("met") & ~pl.col("ended"))
    judged = (
        people.join(net, on="nhs_number", how="left")
        .with_columns(pl.col("m").fill_null(0))
        .filter(~_is_out())
        .with_columns(groups=_rules(1), evidence=_rules(2), turned_70=_turned_70())
        .filter(pl.col("groups") != 0)
    )
    days = (
        facts.join(judged.select("nhs_number", "evidence"), on="nhs_number")
        .filter((pl.col("evidence") & _bit()) != 0)
        .group_by("nhs_number")
        .agg(pl.col("f").min(), pl.col("l").max())
    )
    return (
        judged.join(days, on="nhs_number", how="left")
        .select(
            "nhs_number",
            pl.col("practice_code").alias("practice"),
            "groups",
            first_on=pl.min_horizontal("f", "turned_70"),
            last_on=pl.max_horizontal("l", "turned_70"),
        )
        .sort("nhs_number")
    )


def _bit():
    return pl.lit(2, pl.Int64) ** pl.col("list")


def _met():
    """The bit of a fact that satisfies its list's condition, else 0."""
    fails = pl.lit(value=False)
    for key, most in task.BELOW.items():
        fails |= (pl.col("list") == task.NUMBER[key]) & (pl.col("v") >= most)
    for key, least in task.FROM.items():
        fails |= (pl.col("list") == task.NUMBER[key]) & (pl.col("v") < least)
    for key, least in task.AT_LEAST.items():
        fails |= (pl.col("list") == task.NUMBER[key]) & (pl.col("n") < least)
    return pl.when(fails).then(0).otherwise(_bit())


def _ended():
    bits = []
    for key, (ender, ends_same_day) in task.ENDED_BY.items():
        own, other = (
            pl.col("l").filter(pl.col("list") == task.NUMBER[each]).max() for each in (key, ender)
        )
        is_over = other >= own if ends_same_day else other > own
        bits.append(pl.when(is_over).then(task.bits(key)).otherwise(0))
    return pl.sum_horizontal(bits).cast(pl.Int64)


def _rules(what):
    """1: the rules that hold, a bit each; 2: the lists that are their evidence."""
    found = pl.lit(0, pl.Int64)
    for group, keys in task.ALTERNATIVES:
        wanted = task.bits(*keys)
        gives = (1 << group) if what == 1 else wanted
        found |= pl.when((pl.col("m") & wanted) == wanted).then(gives).otherwise(0)
    if what == 1:
        found |= pl.when(pl.col("birth_date") <= task.BORN_BY).then(1 << task.AGED_70).otherwise(0)
    return found


def _turned_70():
    born = pl.col("birth_date")
    leap_day = (born.dt.month() == 2) & (born.dt.day() == 29)
    birthday = born.dt.offset_by("70y") + pl.when(leap_day).then(pl.duration(days=1)).otherwise(
        pl.duration(days=0)
    )
    return pl.when(born <= task.BORN_BY).then(birthday)


def _is_out():
    died = pl.col("deceased_on")
    dead = pl.when(died.is_not_null()).then(died <= AS_OF).otherwise(pl.col("deceased"))
    gone = (
        (pl.col("practice_code") == "")
        | (pl.col("registered_on") > AS_OF).fill_null(value=False)
        | (pl.col("left_on") <= AS_OF).fill_null(value=False)
    )
    dissent = (pl.col("m") & task.bits("dissent")) != 0
    return dead | gone | pl.col("birth_date").is_null() | (pl.col("birth_date") > AS_OF) | dissent
