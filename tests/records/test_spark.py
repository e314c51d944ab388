"""The engine on PySpark: the same plan must find the same people for the same reasons."""

import shutil
from importlib.util import find_spec
from pathlib import Path

import pytest

from openprotect.cohorts import engine
from openprotect.packs import load_cohort
from openprotect.records.queries import present_store
from openprotect.records.rules.identity import Practice
from tests.cohorts.histories import make
from tests.cohorts.stores import small_store
from tests.cohorts.test_reference import expected
from tests.records.conftest import TODAY

HERE = Path(__file__).parents[2]
MISSING = [
    name
    for name, found in (("PySpark", find_spec("pyspark")), ("Java", shutil.which("java")))
    if not found
]
PRACTICES = (Practice("D82001", "NR1 1AA"), Practice("D82002", "NR2 2BB"))
# For few people; what they find is the same.
QUICKLY = {
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.adaptive.enabled": "false",
}
pytestmark = [
    pytest.mark.spark,
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::DeprecationWarning"),
    pytest.mark.skipif(
        bool(MISSING),
        reason=f"{' and '.join(MISSING)} not installed: python3 run.py test --with spark",
    ),
]


@pytest.fixture(scope="module", autouse=True)
def one_spark():
    """One Spark for all, stopped in the end; it takes seconds to start."""
    from openprotect.cohorts.engine.spark import session

    spark = session()
    for name, value in QUICKLY.items():
        spark.conf.set(name, value)
    yield
    spark.stop()


def test_spark_agrees_with_the_reference_on_every_person(tmp_path):
    world = make(seed=2, people=200, groups=6)
    store = small_store(tmp_path, world.people, world.events, world.deprivation)

    findings = engine.find(world.rules, store, world.as_of, engine="pyspark")

    found = {each.nhs_number: (each.groups, each.evidence) for each in findings.found}
    assert found == expected(world.judged())
    assert findings.digest == engine.find(world.rules, store, world.as_of).digest
    assert len(found) > 5


@pytest.mark.django_db
@pytest.mark.import_role
def test_spark_and_duckdb_find_the_same_in_the_histories_of_the_demonstration(take_in, tmp_path):
    histories = HERE / "demo" / "histories" / "part-1.zip"
    take_in(histories, synthetic=True, practices=PRACTICES)
    rules, store = (
        load_cohort(HERE / "packs" / "covid-protect").cohort,
        present_store(tmp_path / "lake"),
    )

    here, there = (engine.find(rules, store, TODAY, engine=each) for each in ("duckdb", "pyspark"))

    assert there.digest == here.digest
    assert (there.steps, there.by_practice) == (here.steps, here.by_practice)
    assert here.found_count > 10
