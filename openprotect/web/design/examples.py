"""Made-up content for the style page: people, numbers and moments that never were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from openprotect.web.design.charts import Bar, Bars
from openprotect.web.design.viewer import Place, Viewer

NOW = datetime(2026, 5, 5, 13, 10, tzinfo=UTC)
BORN = date(1941, 3, 3)
HEARD = NOW - timedelta(days=3)
HELP_PHONE = "01632 960123"  # a range kept for stories: nobody answers
VIEWER = Viewer(
    name="Amina Yusuf",
    organisation="Norfolk and Waveney surveillance team",
    role="surveillance nurse",
    purpose="direct care",
    change_url="#change",
    sign_out_url="/design/signed-out/",
)


def nav(current: str) -> list[Place]:
    places = (("Worklist", "worklist/", 7), ("Calls", "fields/", 12), ("Programme", "", None))
    return [
        Place(text, f"/design/{url}", current=text == current, count=count)
        for text, url, count in places
    ]


@dataclass(frozen=True)
class Work:
    """One row of the made-up worklist."""

    urgency: str
    person: str
    place: str
    need: str
    said: str
    raised_at: datetime
    due_at: datetime
    state: str
    owner: str

    @property
    def is_pressing(self) -> bool:
        return self.due_at < NOW


def _work(who: str, need: str, *, urgency: str, raised: float, left: float, **rest: str) -> Work:
    person, place = who.split("; ")
    wanted, said = need.split("; ")
    return Work(
        urgency=urgency,
        person=person,
        place=place,
        need=wanted,
        said=said,
        raised_at=NOW - timedelta(hours=raised),
        due_at=NOW + timedelta(hours=left),
        **rest,
    )


WORK = [
    _work(
        "Doris Weatherley; North Norfolk",
        "Breathless at rest; “Can't get up the stairs since last night.”",
        urgency="now",
        raised=2.5,
        left=-0.35,
        state="offered",
        owner="nobody yet",
    ),
    _work(
        "Ivan Kowalczyk; Great Yarmouth and Waveney",
        "Medicines run out tomorrow; “The chemist has none until Friday.”",
        urgency="today",
        raised=5,
        left=2.4,
        state="accepted",
        owner="you",
    ),
    _work(
        "Margaret Okafor-Lindqvist; Norwich",
        "Could not evaluate the answers; A temperature of 380 was kept, not judged.",
        urgency="today",
        raised=1,
        left=3.1,
        state="raised",
        owner="nobody yet",
    ),
    _work(
        "Terence Bligh; West Norfolk",
        "No food delivery for five days; “Neighbour helps, but she is away.”",
        urgency="this week",
        raised=26,
        left=68,
        state="accepted",
        owner="Breckland council",
    ),
    _work(
        "Li Na Cheng; South Norfolk",
        "Low mood for two weeks; Told the call handler, and asked to be rung back.",
        urgency="this week",
        raised=44,
        left=-66,
        state="paused",
        owner="Sam Tregenza",
    ),
]


@dataclass(frozen=True)
class Entry:
    """One line of the made-up history."""

    at: str
    what: str
    text: str = ""
    by: str = ""
    is_open: bool = False


HISTORY = [
    Entry(
        at="overdue by 20 min",
        what="Nobody has accepted this yet",
        text="It went back to the surveillance team at 13:50.",
        is_open=True,
    ),
    Entry(
        at="2 h ago (11:40)",
        what="Alert raised",
        text="Breathless at rest, worse than yesterday: a clinician rings within two hours.",
        by="Rule R2, COVID Protect 1.4",
    ),
    Entry(
        at="2 h ago (11:38)",
        what="Answered by phone",
        text="“I can't get up the stairs since last night.”",
        by="Call handler, county library",
    ),
    Entry(at="yesterday at 09:00", what="Second check-in missed", text="A call became due."),
    Entry(at="1 May 2026 at 09:00", what="Invited by text", text="Delivered."),
]

BY_LOCALITY = Bars(
    id="answered",
    title="Answered within a day, by locality",
    description="Percentage of people invited in the last seven days who answered, by any channel.",
    head=("Locality", "Answered"),
    bars=(
        Bar("North Norfolk", 81, said="81% (1,204 of 1,486)", short="81%"),
        Bar("Norwich", 74, said="74% (2,310 of 3,122)", short="74%"),
        Bar("South Norfolk", 79, said="79% (1,655 of 2,095)", short="79%"),
        Bar("West Norfolk", 68, said="68% (980 of 1,441)", short="68%"),
        Bar("Great Yarmouth and Waveney", 63, said="63% (1,377 of 2,186)", short="63%"),
    ),
    most=100,
)
