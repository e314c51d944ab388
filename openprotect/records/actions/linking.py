"""How alike two records must be to be proposed as one person: a Fellegi-Sunter model for splink.

How often the records of one person agree is declared here, from what is known of typing, moving
and marrying. How often two strangers agree is counted among the people themselves.

Twins share a birth date and a home, a father and a son a name and a home: so whose given names, or
whose birth dates, are quite different is never proposed, whatever else agrees. Nor, then, is
somebody who was given a new number together with a new given name so as not to be linked.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb

if TYPE_CHECKING:
    from splink.internals.blocking_rule_creator import BlockingRuleCreator
    from splink.internals.comparison_creator import ComparisonCreator

# Pairs below this probability are not worth a person's time.
LEAST = 0.9
# Of a thousand people, how many are guessed to be in the lake under a second number.
TWICE = 0.001
STRANGERS_SAMPLED = 2e6
# What is said beside a pair: which of these agree.
COMPARED = ("given", "family", "birth_date", "sex", "postcode", "mobile", "phone")


def find_pairs(sql: duckdb.DuckDBPyConnection, people: str) -> str:
    """From this query of people make a table of pairs that may be one, and give its name.

    Nothing that the library says is heard: its words may hold values that it has compared.
    """
    sql.execute(f"CREATE TABLE compared_people AS {_COMPARED.format(people=people)}")
    (count,) = sql.execute("SELECT count(*) FROM compared_people").fetchall()[0]
    if count <= 1:
        sql.execute(_NOBODY)
        return "pairs"
    with _silenced():
        return _found(sql, count)


def _found(sql: duckdb.DuckDBPyConnection, people: int) -> str:
    from splink import DuckDBAPI, Linker, SettingsCreator

    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="nhs_number",
        comparisons=_comparisons(),
        blocking_rules_to_generate_predictions=_blocks(),
        # Pairs that are one person, among all pairs.
        probability_two_random_records_match=min(0.1, 2 * TWICE / people),
        retain_matching_columns=True,
    )
    database = DuckDBAPI(sql)
    linker = Linker(database.register("compared_people"), settings, log_level=logging.CRITICAL)
    linker.training.estimate_u_using_random_sampling(max_pairs=STRANGERS_SAMPLED, seed=1)
    found = linker.inference.predict(threshold_match_probability=LEAST)
    sql.execute(_NEITHER_TWINS_NOR_FATHERS.format(pairs=found.physical_name))
    return "pairs"


def _comparisons() -> "list[ComparisonCreator | dict[str, Any]]":
    """Each with how often records of one person fall into its levels, the likest first."""
    import splink.comparison_level_library as levels
    import splink.comparison_library as like

    return [
        like.JaroWinklerAtThresholds("given_compared", [0.92, 0.8]).configure(
            m_probabilities=[0.84, 0.08, 0.04, 0.04]
        ),
        like.JaroWinklerAtThresholds("family_compared", [0.92]).configure(
            m_probabilities=[0.85, 0.05, 0.10], term_frequency_adjustments=True
        ),
        like.CustomComparison(
            [
                levels.NullLevel("born_compared"),
                levels.ExactMatchLevel("born_compared"),
                levels.DamerauLevenshteinLevel("born_compared", 1),
                levels.CustomLevel(_DAY_AND_MONTH_SWAPPED),
                levels.ElseLevel(),
            ],
            output_column_name="born",
        ).configure(m_probabilities=[0.92, 0.05, 0.02, 0.01]),
        like.ExactMatch("sex_compared").configure(m_probabilities=[0.985, 0.015]),
        like.LevenshteinAtThresholds("postcode_compared", [1]).configure(
            m_probabilities=[0.60, 0.03, 0.37]
        ),
        like.ExactMatch("number_compared").configure(m_probabilities=[0.55, 0.45]),
    ]


def _blocks() -> "list[BlockingRuleCreator | dict[str, Any]]":
    """Only pairs that share one of these are compared at all."""
    from splink import block_on

    return [
        block_on("born_compared", "family_compared"),
        block_on("born_compared", "given_compared"),
        block_on("family_compared", "given_compared", "postcode_compared"),
        block_on("number_compared", "given_compared"),
    ]


@contextmanager
def _silenced() -> Iterator[None]:
    logger = logging.getLogger("splink")
    before, logger.disabled = logger.disabled, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.disabled = before


_COMPARED = """
SELECT nhs_number, birth_date::VARCHAR AS born_compared,
       nullif(lower(given), '') AS given_compared, nullif(lower(family), '') AS family_compared,
       nullif(sex, 'unknown') AS sex_compared, nullif(postcode, '') AS postcode_compared,
       CASE WHEN NOT phone_shared THEN nullif(coalesce(nullif(mobile, ''), phone), '') END
         AS number_compared
FROM ({people}) WHERE birth_date IS NOT NULL
"""
_DAY_AND_MONTH_SWAPPED = (
    "left(born_compared_l, 4) = left(born_compared_r, 4)"
    " AND substr(born_compared_l, 6, 2) = substr(born_compared_r, 9, 2)"
    " AND substr(born_compared_l, 9, 2) = substr(born_compared_r, 6, 2)"
)
_NEITHER_TWINS_NOR_FATHERS = """
CREATE TABLE pairs AS
SELECT nhs_number_l, nhs_number_r, match_probability FROM {pairs}
WHERE gamma_given_compared <> 0 AND gamma_born <> 0
"""
_NOBODY = """
CREATE TABLE pairs AS
SELECT '' AS nhs_number_l, '' AS nhs_number_r, 0.0 AS match_probability WHERE false
"""
