"""The balance of the whole service: nothing lost, nothing twice, nobody forgotten.

Each equation says that what came in equals what it became (promises.md, "End every fault run
with reconcile"). A difference is a fault, and names how many are missing or too many.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db import connection

from openprotect.reports.queries.reconcile_ledger import LEDGER
from openprotect.reports.queries.reconcile_posts import POSTS


@dataclass(frozen=True)
class Equation:
    """`name: left = part + part …`; off when the two sides differ."""

    name: str
    left: int
    parts: Mapping[str, int]

    @property
    def off_by(self) -> int:
        return self.left - sum(self.parts.values())

    def __str__(self) -> str:
        right = " + ".join(f"{count:,} {what}" for what, count in self.parts.items())
        mark = f"   OFF BY {self.off_by:+,}" if self.off_by else ""
        return f"{self.name}: {self.left:,} = {right}{mark}"


def _row(statement: str) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        names = [column.name for column in cursor.description or ()]
        values = cursor.fetchone() or ()
    return {
        name.replace("_", " "): int(value or 0) for name, value in zip(names, values, strict=True)
    }


def _equation(name: str, left: str, right: str) -> Equation:
    return Equation(name, next(iter(_row(left).values())), _row(right))


def imports() -> Equation:
    """Rows read = added + changed + unchanged + duplicate + held + rejected (P15)."""
    return _equation(
        "rows imported",
        "SELECT sum(rows) FROM records_changesetcount c JOIN records_changeset s"
        " ON s.id = c.changeset_id",
        "SELECT sum(added) AS added, sum(changed) AS changed, sum(unchanged) AS unchanged,"
        " sum(duplicate) AS duplicate, sum(held) AS held, sum(rejected) AS rejected"
        " FROM records_changesetcount",
    )


def enrolments() -> Equation:
    """People in a programme = in review + vetoed + active + left."""
    return _equation(
        "people found or added",
        "SELECT count(DISTINCT (r.person_id, e.programme_id)) FROM enrolments_reason r"
        " JOIN enrolments_enrolment e ON e.id = r.enrolment_id AND e.person_id = r.person_id",
        _by_status("enrolments_enrolment", "PREVIEW", "VETOED", "ACTIVE", "LEFT"),
    )


# How each enrolment stands to the last run of the rules that looked for its programme's people.
# Whoever that run neither found nor missed is in none of these, and the equation is off.
STANDINGS = """
WITH last_run AS (
    SELECT DISTINCT ON (programme_id) programme_id, looked_for_by AS id, looked_for_at AS at
      FROM enrolments_enrolment WHERE looked_for_at IS NOT NULL
     ORDER BY programme_id, looked_for_at DESC, looked_for_by
)
SELECT CASE
    WHEN e.status = 'LEFT' THEN 'left'
    WHEN e.found_by = r.id THEN CASE WHEN a.is_open THEN '' ELSE 'found' END
    WHEN a.is_open AND e.looked_for_by = r.id THEN a.because
    WHEN e.status = 'VETOED' AND e.looked_for_by = r.id THEN 'kept out'
    WHEN a.settled_as = 'KEPT' AND e.looked_for_by = r.id THEN 'kept'
    WHEN EXISTS (SELECT FROM enrolments_reason w WHERE w.enrolment_id = e.id
         AND w.group = 'added-by-clinician') THEN 'added'
    WHEN r.id IS NULL OR e.found_at > r.at THEN 'new'
    END AS standing
  FROM enrolments_enrolment e
  LEFT JOIN last_run r USING (programme_id)
  LEFT JOIN LATERAL (
       SELECT b.because, b.settled_as, b.settled_at IS NULL AS is_open
         FROM enrolments_absence b
        WHERE b.enrolment_id = e.id ORDER BY b.settled_at DESC NULLS FIRST, b.id
        LIMIT 1) a ON true
"""
STANDING_AS = {
    "found by the last run": "found",
    "waiting: no rule holds": "RULE",
    "waiting: excluded": "EXCLUDED",
    "waiting: moved": "MOVED",
    "waiting: not in the records": "GONE",
    "kept although not found": "kept",
    "added by a clinician": "added",
    "kept out by the practice": "kept out",
    "not looked for yet": "new",
    "left": "left",
}


def standings() -> Equation:
    """Enrolled people = found again + no longer found, by reason + added or kept + left."""
    counts = ", ".join(
        f"count(*) FILTER (WHERE standing = '{each}') AS \"{words}\""
        for words, each in STANDING_AS.items()
    )
    return _equation(
        "people enrolled",
        "SELECT count(*) FROM enrolments_enrolment",
        f"SELECT {counts} FROM ({STANDINGS}) each_enrolment",
    )


def absences() -> Equation:
    """People whom a run no longer found, by the events that say so = how each was settled."""
    counts = ", ".join(
        f"count(*) FILTER (WHERE settled_as = '{each}') AS {words}"
        for each, words in (
            ("", "waiting_for_a_person"),
            ("FOUND", "found_again"),
            ("KEPT", "kept"),
            ("OUT", "out"),
            ("CHANGED", "changed_reason"),
        )
    )
    return _equation(
        "people no longer found",
        "SELECT count(*) FROM events_event WHERE name = 'enrolment.no_longer_found'",
        f"SELECT {counts} FROM enrolments_absence",
    )


def _by_status(table: str, *statuses: str) -> str:
    counts = ", ".join(
        f"count(*) FILTER (WHERE status = '{each}') AS {each.lower()}" for each in statuses
    )
    return f"SELECT {counts} FROM {table}"


def invited() -> Equation:
    """People taken in = asked at least once + to be asked within a day + not being asked now."""
    return _equation(
        "people taken in",
        "SELECT count(*) FROM enrolments_enrolment WHERE active_from IS NOT NULL",
        "SELECT count(*) FILTER (WHERE asked) AS asked,"
        " count(*) FILTER (WHERE NOT asked AND running AND fresh) AS to_be_asked_within_a_day,"
        " count(*) FILTER (WHERE NOT asked AND NOT running) AS left_paused_or_not_to_be_contacted"
        " FROM (SELECT e.status = 'ACTIVE' AND p.status = 'LIVE' AND w.id IS NOT NULL AS running,"
        "   e.active_from > openprotect_now() - interval '1 day' AS fresh,"
        "   EXISTS (SELECT 1 FROM checkins_checkin c WHERE c.enrolment_id = e.id) AS asked"
        "  FROM enrolments_enrolment e JOIN programmes_programme p ON p.id = e.programme_id"
        # Whom the legal basis does not show, or who may not be contacted, is not asked.
        "  LEFT JOIN people_person w ON w.id = e.person_id AND w.died_on IS NULL"
        "   AND NOT w.is_restricted AND NOT w.has_stopped_contact"
        "  WHERE e.active_from IS NOT NULL) each_person",
    )


def checkins() -> Equation:
    """Check-ins opened, by the events that opened them = how each stands."""
    return _equation(
        "check-ins opened",
        "SELECT count(DISTINCT subject_id) FROM events_event WHERE name = 'checkin.opened'",
        "SELECT count(*) FILTER (WHERE status = 'OPEN') AS open,"
        " count(*) FILTER (WHERE status = 'ANSWERED') AS answered,"
        " count(*) FILTER (WHERE status = 'MISSED') AS missed,"
        " count(*) FILTER (WHERE status = 'PARTLY') AS answered_in_part,"
        " count(*) FILTER (WHERE status = 'EXCUSED' AND EXISTS (SELECT 1 FROM events_event e"
        "   WHERE e.subject_id = c.id AND e.name = 'checkin.opened')) AS excused,"
        " count(*) FILTER (WHERE status = 'CANCELLED' AND EXISTS (SELECT 1 FROM events_event e"
        "   WHERE e.subject_id = c.id AND e.name = 'checkin.opened')) AS cancelled"
        " FROM checkins_checkin c",
    )


def responses() -> Equation:
    """Submissions acknowledged = responses stored, each for its own check-in (P1, P2)."""
    return _equation(
        "check-ins answered",
        "SELECT count(*) FROM checkins_checkin WHERE status = 'ANSWERED'",
        "SELECT count(DISTINCT checkin_id) AS responses_stored FROM checkins_response",
    )


def evaluations() -> Equation:
    """Responses stored = put to the rules + waiting to be (P3)."""
    return _equation(
        "responses stored",
        "SELECT count(*) FROM checkins_response",
        "SELECT (SELECT count(*) FROM alerts_evaluation) AS evaluated,"
        " (SELECT count(*) FROM checkins_response r WHERE NOT EXISTS (SELECT 1 FROM"
        "  alerts_evaluation v WHERE v.response_id = r.id) AND EXISTS (SELECT 1 FROM events_event"
        "  e WHERE e.subject_id = r.id AND e.name = 'response.given' AND e.followed_up_at IS NULL))"
        " AS waiting",
    )


def findings() -> Equation:
    """Rules that matched or could not be computed = alerts raised + noted on open ones (P3, P4)."""
    return _equation(
        "rules that asked for an alert",
        "SELECT sum(findings + failures) FROM alerts_evaluation",
        "SELECT count(*) FILTER (WHERE standing = 'RAISED') AS alerts_raised,"
        " count(*) FILTER (WHERE standing <> 'RAISED') AS noted_on_an_open_alert"
        " FROM alerts_finding WHERE response_id IS NOT NULL",
    )


def alerts() -> Equation:
    """Alerts raised, by their events = open with an owner and a due time + closed (P5)."""
    return _equation(
        "alerts raised",
        "SELECT count(DISTINCT subject_id) FROM events_event WHERE name = 'alert.raised'",
        "SELECT count(*) FILTER (WHERE status <> 'CLOSED' AND t.id IS NOT NULL"
        "   AND (t.closed_on IS NULL OR t.closed_on >= openprotect_now()::date)) AS open_and_owned,"
        " count(*) FILTER (WHERE status = 'CLOSED' AND outcome <> '') AS closed_with_outcome"
        " FROM alerts_alert a LEFT JOIN places_team t ON t.id = a.team_id",
    )


def invitations() -> Equation:
    """Check-ins opened = invitations made + waiting to be made."""
    return _equation(
        "invitations owed",
        "SELECT count(DISTINCT subject_id) FROM events_event WHERE name = 'checkin.opened'",
        "SELECT (SELECT count(DISTINCT subject_id) FROM messages_message"
        "  WHERE kind = 'INVITE') AS made,"
        " (SELECT count(*) FROM events_event e WHERE e.name = 'checkin.opened' AND NOT EXISTS"
        "  (SELECT 1 FROM messages_message m WHERE m.subject_id = e.subject_id)"
        "  AND e.followed_up_at IS NULL) AS waiting",
    )


def messages() -> Equation:
    """Messages due = waiting + how each ended, with the event that says so (P6)."""
    ended = ", ".join(
        f"count(*) FILTER (WHERE status = '{each}' AND EXISTS (SELECT 1 FROM events_event e"
        f" WHERE e.subject_id = m.id AND e.name = 'message.{each.lower()}')) AS {each.lower()}"
        for each in ("SENT", "DELIVERED", "FAILED", "CANCELLED", "UNKNOWN")
    )
    return _equation(
        "messages due",
        "SELECT count(*) FROM messages_message",
        "SELECT count(*) FILTER (WHERE status IN ('DUE', 'SENDING')) AS waiting, "
        f"{ended} FROM messages_message m",
    )


def closures() -> Equation:
    """Alerts closed = outcomes told to the person + waiting to be told."""
    return _equation(
        "outcomes to tell",
        "SELECT count(*) FROM alerts_alert WHERE status = 'CLOSED'",
        "SELECT (SELECT count(*) FROM messages_message WHERE kind = 'CLOSED') AS messages_made,"
        " (SELECT count(*) FROM events_event e WHERE e.name = 'alert.closed' AND"
        "  e.followed_up_at IS NULL AND NOT EXISTS (SELECT 1 FROM messages_message m"
        "   WHERE m.subject_id = e.subject_id)) AS waiting",
    )


def calls() -> Equation:
    """Calls asked for, by their events = how each stands."""
    return _equation(
        "calls due",
        "SELECT count(DISTINCT subject_id) FROM events_event WHERE name = 'call.due'",
        _by_status("calls_call", "WAITING", "CLAIMED", "DONE", "HANDED_ON", "CANCELLED"),
    )


def handed_on() -> Equation:
    """People handed on because nobody reached them = welfare alerts + waiting to be raised."""
    return _equation(
        "calls handed to a team",
        "SELECT count(*) FROM calls_call WHERE status = 'HANDED_ON'",
        "SELECT (SELECT count(*) FROM alerts_finding WHERE rule = 'not-reached') AS alerts_raised,"
        " (SELECT count(*) FROM events_event e WHERE e.name = 'call.handed_on' AND"
        "  e.followed_up_at IS NULL AND NOT EXISTS (SELECT 1 FROM alerts_finding a"
        "   WHERE a.source_id = e.subject_id)) AS waiting",
    )


def referrals() -> Equation:
    """Others asked to help, by their events = how each referral stands."""
    return _equation(
        "referrals made",
        "SELECT count(DISTINCT subject_id) FROM events_event WHERE name = 'referral.offered'",
        _by_status(
            "referrals_referral", "OFFERED", "ACCEPTED", "ON_HOLD", "DONE", "DECLINED", "WITHDRAWN"
        ),
    )


def notices() -> Equation:
    """Words due to teams' mailboxes = waiting + how each ended, with the event that says so."""
    ended = ", ".join(
        f"count(*) FILTER (WHERE status = '{each}' AND EXISTS (SELECT 1 FROM events_event e"
        f" WHERE e.subject_id = n.id AND e.name = 'notice.{each.lower()}')) AS {each.lower()}"
        for each in ("SENT", "FAILED", "CANCELLED")
    )
    return _equation(
        "notices due to teams",
        "SELECT count(*) FROM referrals_notice",
        "SELECT count(*) FILTER (WHERE status IN ('DUE', 'SENDING')) AS waiting, "
        f"{ended} FROM referrals_notice n",
    )


def documents() -> Equation:
    """Documents for practices, by the events that made them = how each stands."""
    return _equation(
        "documents written",
        "SELECT count(DISTINCT subject_id) FROM events_event WHERE name = 'document.made'",
        _by_status("referrals_document", "DUE", "SENDING", "SENT", "ACCEPTED", "REFUSED", "FAILED"),
    )


def steps(owed_after: Mapping[str, int]) -> Equation:
    """Steps that the events so far ask for = steps done + steps of events not yet followed up.

    An event asks for as many as there were when it was followed, whatever came with later versions.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, followed_up_at IS NULL, count(*) FILTER (WHERE owed IS NULL),"
            " coalesce(sum(owed), 0)::bigint, sum(at_once)::bigint FROM events_event GROUP BY 1, 2"
        )
        rows = cursor.fetchall()
        cursor.execute(
            "SELECT count(*) FILTER (WHERE e.followed_up_at IS NOT NULL), count(*) FILTER"
            " (WHERE e.followed_up_at IS NULL) FROM events_done d"
            " JOIN events_event e ON e.id = d.event_id"
        )
        done, begun = cursor.fetchone()
    asked = [
        (owed_after.get(name, 0) * count + known, waits) for name, waits, count, known, _ in rows
    ]
    open_ended = sum(owed for owed, waits in asked if waits)
    return Equation(
        "steps that events ask for",
        sum(owed for owed, _ in asked),
        {
            "done together": sum(at_once for *_, at_once in rows),
            "done": done + begun,
            "waiting or being tried again": open_ended - begun,
        },
    )


def accesses() -> Equation:
    """Notes of access = notes whose hash still fits what they say (P14)."""
    return _equation(
        "accesses recorded",
        "SELECT count(*) FROM governance_access",
        "SELECT count(*) AS untouched FROM governance_access a WHERE leaf = sha256(convert_to("
        "jsonb_build_array(a.id, a.at, a.user_id, a.organisation_id, a.role, a.purpose, a.basis_id,"
        " coalesce(a.person_id::text, a.nhs_number), a.what, a.why)::text, 'UTF8'))",
    )


EQUATIONS: tuple[Callable[[], Equation], ...] = (
    imports,
    enrolments,
    standings,
    absences,
    invited,
    checkins,
    invitations,
    responses,
    evaluations,
    findings,
    alerts,
    closures,
    messages,
    calls,
    handed_on,
    referrals,
    notices,
    documents,
    accesses,
)


def balance(owed_after: Mapping[str, int]) -> list[Equation]:
    """Every equation, as one moment sees them. Needs a session that may count everything.

    `owed_after` says how many steps follow each event, by its name.
    """
    ledger = [_equation(*each) for each in (*LEDGER, *POSTS)]
    return [*(each() for each in EQUATIONS), *ledger, steps(owed_after)]
