-- From facts(person, list, f, l, n, p) to the people found: shared by all SQL that stands beside ours.
-- f, l, n: first day, last day, how many; p packs day and value into one number, so that one max()
-- gives the highest value of the last day.
masks AS (
  SELECT person,
    sum(CASE
      WHEN list = {n_fev1} AND p - (l - DATE '1970-01-01') * 1024.0 >= 30 THEN 0
      WHEN list = {n_egfr} AND p - (l - DATE '1970-01-01') * 1024.0 >= 15 THEN 0
      WHEN list = {n_bmi} AND p - (l - DATE '1970-01-01') * 1024.0 < 40 THEN 0
      WHEN list = {n_steroids} AND n < 4 THEN 0
      WHEN list = {n_immunosuppressants} AND n < 2 THEN 0
      WHEN list = {n_respiratory_admissions} AND n < 2 THEN 0
      ELSE 1::BIGINT << list END)::BIGINT AS met,
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
judged AS (
  SELECT people.person, nhs_number, practices.code AS practice,
    {groups}
    | CASE WHEN born <= {born_by} THEN {aged_70} ELSE 0 END AS groups,
    {evidence} AS evidence,
    CASE WHEN born <= {born_by} THEN (born + INTERVAL '70 years')::DATE
      + CASE WHEN extract(month FROM born) = 2 AND extract(day FROM born) = 29 THEN 1 ELSE 0 END
    END AS turned_70
  FROM people JOIN practices ON practices.practice = people.practice
  LEFT JOIN net ON net.person = people.person
  WHERE NOT (CASE WHEN died_on IS NOT NULL THEN died_on <= {as_of} ELSE is_dead END)
    AND practices.code <> '' AND coalesce(registered_on <= {as_of}, true)
    AND coalesce(left_on > {as_of}, true) AND born <= {as_of}
    AND coalesce((m & {b_dissent}) = 0, true)
),
days AS (
  SELECT facts.person, min(f) AS f, max(l) AS l
  FROM facts JOIN judged ON judged.person = facts.person
  WHERE (evidence & (1::BIGINT << list)) <> 0
  GROUP BY facts.person
)
SELECT nhs_number, practice, groups, least(f, turned_70) AS first_on, greatest(l, turned_70) AS last_on
FROM judged LEFT JOIN days ON days.person = judged.person
WHERE groups <> 0 ORDER BY judged.person
