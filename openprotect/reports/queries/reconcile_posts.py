"""The balance of what providers post to us: receipts, and texts from people.

Each is the name of an equation, what came in, and what it became.
"""

ENDS = (
    ("APPLIED", "applied"),
    ("NO_NEWS", "told_nothing_new"),
    ("STRANGE_ID", "not_ours"),
    ("OTHER_NUMBER", "naming_another_number"),
    ("STRANGE_WORD", "saying_what_we_do_not_know"),
    ("UNREADABLE", "unreadable"),
    ("WAITING", "waiting"),
)
COUNTS = ", ".join(f"count(*) FILTER (WHERE status = '{each}') AS {what}" for each, what in ENDS)
OURS = "meaning IN ('STOP', 'START', 'HELP')"
HEARD = (
    "(EXISTS (SELECT 1 FROM alerts_alert a WHERE a.source_id = r.id)"
    " OR EXISTS (SELECT 1 FROM events_event e WHERE e.subject_id = r.id"
    "  AND e.name = 'reply.read' AND e.followed_up_at IS NULL))"
)

BECAME = (
    f"SELECT count(*) FILTER (WHERE {OURS} AND person_id IS NOT NULL) AS words_of_ours,"
    f" count(*) FILTER (WHERE NOT {OURS} AND person_id IS NOT NULL AND {HEARD}) AS alerts,"
    " count(*) FILTER (WHERE person_id IS NULL AND dealt_with_at IS NULL) AS unread,"
    " count(*) FILTER (WHERE person_id IS NULL AND dealt_with_at IS NOT NULL) AS dealt_with"
    " FROM messages_reply r"
)

POSTS = (
    (
        "posts from providers",
        "SELECT count(*) FROM messages_notice",
        f"SELECT {COUNTS} FROM messages_notice",
    ),
    (
        "texts to us",
        "SELECT count(*) FROM messages_notice WHERE kind = 'TEXT' AND status = 'APPLIED'",
        BECAME,
    ),
)
