"""The balance of the contact ledger: nobody is contacted beside it, and every ask has its end.

Each is the name of an equation, what came in, and what it became.
"""

# Texts and attempts of before the ledger was kept are said apart: nothing was asked about them.
BEGAN = "coalesce((SELECT min(asked_at) FROM contacts_claim), 'infinity')"


def _in_ledger(subject: str, person: str, channel: str) -> str:
    return (
        "EXISTS (SELECT 1 FROM contacts_claim c WHERE c.status = 'MADE'"
        f" AND c.channel = {channel} AND c.subject_id = {subject} AND c.person_id = {person})"
    )


TEXT, CALL = (
    _in_ledger("m.id", "m.person_id", "m.channel"),
    _in_ledger("a.call_id", "a.person_id", "'CALL'"),
)

WE_CONTACTED = (
    "SELECT (SELECT count(*) FROM messages_message WHERE sent_at IS NOT NULL"
    "  AND channel <> 'CALL')"
    " + (SELECT count(*) FROM calls_attempt)"
)
IS_KNOWN = (
    f"SELECT (SELECT count(*) FROM messages_message m WHERE sent_at IS NOT NULL"
    f"  AND channel <> 'CALL' AND {TEXT})"
    " AS messages_in_the_ledger,"
    f" (SELECT count(*) FROM calls_attempt a WHERE {CALL}) AS calls_in_the_ledger,"
    f" (SELECT count(*) FROM messages_message m WHERE channel <> 'CALL'"
    f"  AND NOT {TEXT} AND sent_at < {BEGAN})"
    f" + (SELECT count(*) FROM calls_attempt a WHERE NOT {CALL} AND at < {BEGAN})"
    " AS before_the_ledger"
)

# A slot that we hold is for a message or a call that is still to be; else its time is over.
OF_SOMETHING = (
    "c.programme_id IS NULL OR c.until <= openprotect_now()"
    " OR EXISTS (SELECT 1 FROM messages_message m"
    "  WHERE m.id = c.subject_id AND m.status IN ('DUE', 'SENDING'))"
    " OR EXISTS (SELECT 1 FROM calls_call k"
    "  WHERE k.id = c.subject_id AND k.status IN ('WAITING', 'CLAIMED', 'CANCELLED'))"
)
BECAME = (
    f"SELECT count(*) FILTER (WHERE status = 'HELD' AND ({OF_SOMETHING})) AS held,"
    " count(*) FILTER (WHERE status = 'MADE' AND outcome <> '') AS contact_made,"
    " count(*) FILTER (WHERE status = 'RELEASED') AS given_back,"
    " count(*) FILTER (WHERE status = 'LAPSED') AS lapsed,"
    " count(*) FILTER (WHERE status = 'RECALLED') AS taken_back,"
    " count(*) FILTER (WHERE status = 'REFUSED' AND answer = 'COVERED') AS covered_by_another,"
    " count(*) FILTER (WHERE status = 'REFUSED' AND answer = 'WAIT') AS told_to_wait,"
    " count(*) FILTER (WHERE status = 'REFUSED' AND answer = 'STOP') AS told_to_stop"
    " FROM contacts_claim c"
)

LEDGER = (
    ("contacts we made", WE_CONTACTED, IS_KNOWN),
    ("asks of the contact ledger", "SELECT count(*) FROM contacts_claim", BECAME),
)
