-- The limit: the task in SQL, written and tuned by hand for DuckDB over the code-sorted store. Tried
-- and slower: one query for facts of every kind; person and list in one key; enders by a self-join;
-- rules tested on everybody; masks by bit_or. A fact that fails its own condition is dropped where it
-- is made, which leaves less than half to group again.
WITH wanted AS MATERIALIZED (
  SELECT codes.code, listed.list, asked.since, asked.low, asked.high
  FROM listed JOIN codes ON codes.system = listed.system AND codes.written = listed.code
  JOIN asked ON asked.list = listed.list
),
counted AS (
  FROM wanted WHERE list IN ({n_steroids}, {n_immunosuppressants}, {n_respiratory_admissions})
),
plain AS (
  FROM wanted WHERE low IS NULL
    AND list NOT IN ({n_steroids}, {n_immunosuppressants}, {n_respiratory_admissions})
),
valued AS (FROM wanted WHERE low IS NOT NULL),
facts AS MATERIALIZED (
  SELECT person, list, min("on") AS f, max("on") AS l
  FROM coded JOIN plain ON coded.code = plain.code
  WHERE "on" BETWEEN since AND {as_of} GROUP BY person, list
  UNION ALL
  SELECT person, list, min("on"), max("on")
  FROM coded JOIN counted ON coded.code = counted.code
  WHERE "on" BETWEEN since AND {as_of} GROUP BY person, list
  HAVING count(*) >= CASE list WHEN {n_steroids} THEN 4 ELSE 2 END
  UNION ALL
  SELECT person, list, f, l FROM (
    SELECT person, list, min("on") AS f, max("on") AS l,
      max(("on" - DATE '1970-01-01') * 1024.0 + value) - (max("on") - DATE '1970-01-01') * 1024.0 AS v
    FROM coded JOIN valued ON coded.code = valued.code
    WHERE "on" <= {as_of} AND value > low AND value < high GROUP BY person, list
  ) WHERE CASE list WHEN {n_fev1} THEN v < 30 WHEN {n_egfr} THEN v < 15 ELSE v >= 40 END
),
masks AS (
  SELECT person, sum(1::BIGINT << list)::BIGINT AS met,
    max(CASE WHEN list = {n_asthma} THEN l END) AS asthma,
    max(CASE WHEN list = {n_asthma_resolved} THEN l END) AS asthma_resolved,
    max(CASE WHEN list = {n_pregnant} THEN l END) AS pregnant,
    max(CASE WHEN list = {n_delivered} THEN l END) AS delivered,
    max(CASE WHEN list = {n_kidney_stage_5} THEN l END) AS kidney_stage_5,
    max(CASE WHEN list = {n_kidney_other_stages} THEN l END) AS kidney_other_stages,
    max(CASE WHEN list = {n_flag_added} THEN l END) AS flag_added,
    max(CASE WHEN list = {n_flag_removed} THEN l END) AS flag_removed,
    max(CASE WHEN list = {n_dissent} THEN l END) AS dissent,
    max(CASE WHEN list = {n_consent} THEN l END) AS consent
  FROM facts GROUP BY person
),
net AS (
  SELECT person, met
    - CASE WHEN asthma_resolved >= asthma THEN {b_asthma} ELSE 0 END
    - CASE WHEN delivered >= pregnant THEN {b_pregnant} ELSE 0 END
    - CASE WHEN kidney_other_stages > kidney_stage_5 THEN {b_kidney_stage_5} ELSE 0 END
    - CASE WHEN flag_removed >= flag_added THEN {b_flag_added} ELSE 0 END
    - CASE WHEN consent >= dissent THEN {b_dissent} ELSE 0 END AS m
  FROM masks
),
ruled AS (SELECT person, m, {groups} AS g, {evidence} AS e FROM net),
judged AS (SELECT * FROM ruled WHERE g <> 0 OR (m & {b_dissent}) <> 0),
found AS MATERIALIZED (
  SELECT people.person, people.nhs_number, people.practice, people.born,
    coalesce(g, 0) | CASE WHEN born <= {born_by} THEN {aged_70} ELSE 0 END AS groups,
    coalesce(e, 0) AS e
  FROM people LEFT JOIN judged ON judged.person = people.person
  WHERE NOT (CASE WHEN died_on IS NOT NULL THEN died_on <= {as_of} ELSE is_dead END)
    AND practice <> (SELECT practice FROM practices WHERE code = '')
    AND coalesce(registered_on <= {as_of}, true) AND coalesce(left_on > {as_of}, true)
    AND born <= {as_of} AND coalesce((m & {b_dissent}) = 0, true)
    AND (g <> 0 OR born <= {born_by})
),
days AS (
  SELECT facts.person, min(f) AS f, max(l) AS l
  FROM facts JOIN found ON found.person = facts.person
  WHERE (e & (1::BIGINT << list)) <> 0 GROUP BY facts.person
),
dated AS (
  SELECT found.person, nhs_number, practices.code AS practice, groups, f, l,
    CASE WHEN (groups & {aged_70}) <> 0 THEN (born + INTERVAL '70 years')::DATE
      + CASE WHEN extract(month FROM born) = 2 AND extract(day FROM born) = 29 THEN 1 ELSE 0 END
    END AS turned_70
  FROM found JOIN practices ON practices.practice = found.practice
  LEFT JOIN days ON days.person = found.person
)
SELECT nhs_number, practice, groups, least(f, turned_70) AS first_on, greatest(l, turned_70) AS last_on
FROM dated ORDER BY person
