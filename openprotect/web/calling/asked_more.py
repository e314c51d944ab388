"""What some outcomes ask for besides a note: when, which language, who answered, who took over."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError

from openprotect.calls.queries import Held
from openprotect.calls.rules import Told
from openprotect.checkins.actions.standing_in import WHO
from openprotect.checkins.rules import LOCAL
from openprotect.packs.languages import EASY_READ, ENGLISH, NAMES
from openprotect.web.design.fields import Choice, Day, Option, PageForm, Words
from openprotect.web.design.words import clock, weekday

DAYS_AHEAD = 7
SOONEST = timedelta(minutes=15)
FIRST, LAST = time(8), time(20)
NOBODY_ELSE = "Somebody else: write who in the note"


class AskedMore(PageForm):
    """One page of further questions; `told` is what the outcome is recorded with."""

    heading = ""

    def __init__(self, *args: Any, held: Held, at: datetime, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.held, self.at = held, at
        self.draw()

    def draw(self) -> None:
        """The fields that depend on the call, or on what time it is."""

    def told(self) -> Told:
        raise NotImplementedError


class When(AskedMore):
    """A day and a time of it, from those at which the programme rings."""

    heading = "When shall we ring again?"

    def draw(self) -> None:
        today = self.at.astimezone(LOCAL)
        days = [today + timedelta(days=each) for each in range(DAYS_AHEAD + 1)]
        named = {0: "today", 1: "tomorrow"}
        self.fields["day"] = Choice(
            [
                Option(each.date().isoformat(), named.get(number, weekday(each)))
                for number, each in enumerate(days)
            ],
            label="Day",
            drop_down=True,
            error_messages={"required": "Choose a day"},
        )
        self.fields["time"] = Choice(
            [Option(f"{each:%H:%M}", clock(_at(today, each))) for each in self._times()],
            label="Time",
            help_text="We ring at this time or soon after.",
            drop_down=True,
            error_messages={"required": "Choose a time"},
        )

    def _times(self) -> list[time]:
        plan = self.held.pack.calling
        first = FIRST if plan.always else plan.rings_from
        last = LAST if plan.always else plan.rings_until
        halves = [time(hour, minute) for hour in range(24) for minute in (0, 30)]
        return [each for each in halves if first <= each < last]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if "day" in found and "time" in found and self._when(found) < self.at + SOONEST:
            self.add_error("time", "This time has passed. Choose a later one")
        return found

    def _when(self, found: Mapping[str, Any]) -> datetime:
        day = datetime.fromisoformat(found["day"]).replace(tzinfo=LOCAL)
        return _at(day, time.fromisoformat(found["time"]))

    def told(self) -> Told:
        return Told(when=self._when(self.cleaned_data))


def _at(day: datetime, clock_time: time) -> datetime:
    return datetime.combine(day.date(), clock_time, LOCAL)


class Language(AskedMore):
    """Which language they want to speak."""

    heading = "Which language do they want to speak?"

    def draw(self) -> None:
        known = {tag: name for tag, name in NAMES.items() if tag not in (ENGLISH, EASY_READ)}
        self.fields["language"] = Choice(
            [Option(tag, name) for tag, name in sorted(known.items(), key=lambda each: each[1])],
            label="Language",
            help_text="Texts come in it too, where we have them.",
            drop_down=True,
            error_messages={"required": "Choose a language"},
        )

    def told(self) -> Told:
        return Told(language=self.cleaned_data["language"])


class Hospital(AskedMore):
    """The day they are expected home, where somebody knows."""

    heading = "When do they come home?"

    def draw(self) -> None:
        today = self.at.astimezone(LOCAL).date()
        self.fields["home"] = Day(
            label="Expected home",
            help_text="Leave it empty if nobody knows. Then we ask again after two weeks.",
            subject="The day",
            earliest=today,
            required=False,
        )

    def told(self) -> Told:
        return Told(home_on=self.cleaned_data["home"])


class OnBehalf(AskedMore):
    """Who answered for them, how they are related, and whether the person is happy with it."""

    heading = "Who answered for them?"

    def draw(self) -> None:
        words = {"ATTORNEY": "Holds power of attorney for their health"}
        self.fields["by_whom"] = Choice(
            [Option(code, words.get(code, text)) for code, text in WHO],
            label="Who is it?",
            error_messages={"required": "Choose who answered"},
        )
        self.fields["relationship"] = Words(
            label="How do they know the person?",
            help_text="Such as daughter, neighbour, night nurse. Write no name.",
            max_length=60,
            required=False,
        )
        self.fields["consent"] = Choice(
            [
                Option("GIVEN", "Yes: you heard it from them, or it is on record"),
                Option("CANNOT_SAY", "They cannot say, and it is best for them"),
                Option("NO", "No, or nobody knows"),
            ],
            label="Is the person happy with it?",
            error_messages={"required": "Choose one of the answers"},
        )

    def clean_consent(self) -> str:
        consent = str(self.cleaned_data["consent"])
        if consent == "NO":
            raise ValidationError(
                "Then these answers cannot be sent in. Change how it ended, and write what you"
                " heard in the note"
            )
        return consent

    def told(self) -> Told:
        said = self.cleaned_data
        return Told(
            by_whom=said["by_whom"], relationship=said["relationship"], consent=said["consent"]
        )


class Handover(AskedMore):
    """Who has them now, and whether the call handler spoke to whoever that is."""

    heading = "Who has them now?"

    def draw(self) -> None:
        self.fields["handed_to"] = Choice(
            [
                Option("999", "The 999 ambulance service"),
                Option("team", self.held.hand_over_to),
                Option("other", NOBODY_ELSE),
            ],
            label="Who takes over?",
            error_messages={"required": "Choose who takes over"},
        )
        self.fields["did_speak"] = Choice(
            [
                Option("yes", "Yes, and they said that they have it"),
                Option("no", "No", "A clinician is told at once to ring the person."),
            ],
            label="Did you speak to them?",
            error_messages={"required": "Say if you spoke to them"},
        )
        self.fields["why_not"] = Words(
            label="If not: why not?",
            help_text="Such as nobody answered, or the line went dead.",
            max_length=300,
            required=False,
        )

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        if found.get("did_speak") == "no" and not found.get("why_not", "").strip():
            self.add_error("why_not", "Write why you could not speak to them")
        return found

    def told(self) -> Told:
        said = self.cleaned_data
        who = {"999": "999 ambulance service", "team": self.held.hand_over_to}
        spoke = said["did_speak"] == "yes"
        return Told(
            handed_to=who.get(said["handed_to"], "somebody else, named in the note")[:120],
            did_speak=spoke,
            why_not="" if spoke else said["why_not"],
        )


MORE: Mapping[str, type[AskedMore]] = {
    "RESCHEDULED": When,
    "LANGUAGE": Language,
    "HOSPITAL": Hospital,
    "ON_BEHALF": OnBehalf,
    "HANDED_OVER": Handover,
}
