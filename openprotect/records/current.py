"""Records read under the current NHS number, whatever number they came with.

Nothing is rewritten: these are queries over what was delivered and the pairs of superseded numbers.
Without a pair they are what was delivered, so that taking a pair away gives back exactly that.
"""

# No chain of numbers is longer; circles are refused before they are kept.
LONGEST_CHAIN = 20


def people(delivered: str, pairs: str) -> str:
    """Everybody once, under the current number. `pairs` is '' where no number was replaced.

    A death, an objection or a restriction said under any of a person's numbers holds: writing to
    somebody who died is worse than asking once more.
    """
    return _PEOPLE.format(delivered=delivered, current=_current(pairs)) if pairs else delivered


def events(delivered: str, pairs: str) -> str:
    """Everything coded, under the current number of whom it is about."""
    return (
        _EVENTS.format(delivered=delivered, current=_current(pairs))
        if pairs and delivered
        else delivered
    )


def _current(pairs: str) -> str:
    """Each superseded number with its current one, as a query."""
    return _CURRENT.format(pairs=pairs, longest=LONGEST_CHAIN)


_CURRENT = """
WITH RECURSIVE given AS ({pairs}), followed AS (
  SELECT old, new, 1 AS step FROM given
  UNION ALL
  SELECT f.old, g.new, f.step + 1 FROM followed f JOIN given g ON g.old = f.new
  WHERE f.step < {longest}
)
SELECT old, arg_max(new, step) AS new FROM followed GROUP BY old
"""
_PEOPLE = """
WITH delivered_rows AS ({delivered}), current AS ({current}),
replaced AS (SELECT c.new, d.* FROM delivered_rows d JOIN current c ON c.old = d.nhs_number),
said AS (
  SELECT new, bool_or(deceased) AS deceased, min(deceased_on) AS deceased_on,
         bool_or(restricted) AS restricted, bool_or(opted_out) AS opted_out
  FROM replaced GROUP BY new
)
SELECT d.* REPLACE (
  d.deceased OR coalesce(s.deceased, false) AS deceased,
  coalesce(d.deceased_on, s.deceased_on) AS deceased_on,
  d.restricted OR coalesce(s.restricted, false) AS restricted,
  CASE WHEN s.opted_out THEN true ELSE d.opted_out END AS opted_out
)
FROM delivered_rows d
ANTI JOIN current c ON c.old = d.nhs_number
LEFT JOIN said s ON s.new = d.nhs_number
UNION ALL
SELECT r.* EXCLUDE (new) REPLACE (
  r.new AS nhs_number, s.deceased AS deceased, s.deceased_on AS deceased_on,
  s.restricted AS restricted, s.opted_out AS opted_out
)
FROM (
  SELECT * FROM replaced
  QUALIFY row_number() OVER (PARTITION BY new ORDER BY updated_at DESC, nhs_number) = 1
) r
JOIN said s ON s.new = r.new
ANTI JOIN delivered_rows d ON d.nhs_number = r.new
"""
_EVENTS = """
WITH current AS ({current})
SELECT d.* REPLACE (coalesce(c.new, d.nhs_number) AS nhs_number)
FROM ({delivered}) d LEFT JOIN current c ON c.old = d.nhs_number
"""
