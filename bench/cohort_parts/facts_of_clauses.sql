-- The tables that the clauses left, as the facts that judged.sql reads.
facts AS MATERIALIZED (
  SELECT nhs_number AS person, 0 AS list, f, l, n, p FROM clause_0
  UNION ALL
  SELECT nhs_number AS person, 1 AS list, f, l, n, p FROM clause_1
  UNION ALL
  SELECT nhs_number AS person, 2 AS list, f, l, n, p FROM clause_2
  UNION ALL
  SELECT nhs_number AS person, 3 AS list, f, l, n, p FROM clause_3
  UNION ALL
  SELECT nhs_number AS person, 4 AS list, f, l, n, p FROM clause_4
  UNION ALL
  SELECT nhs_number AS person, 5 AS list, f, l, n, p FROM clause_5
  UNION ALL
  SELECT nhs_number AS person, 6 AS list, f, l, n, p FROM clause_6
  UNION ALL
  SELECT nhs_number AS person, 7 AS list, f, l, n, p FROM clause_7
  UNION ALL
  SELECT nhs_number AS person, 8 AS list, f, l, n, p FROM clause_8
  UNION ALL
  SELECT nhs_number AS person, 9 AS list, f, l, n, p FROM clause_9
  UNION ALL
  SELECT nhs_number AS person, 10 AS list, f, l, n, p FROM clause_10
  UNION ALL
  SELECT nhs_number AS person, 11 AS list, f, l, n, p FROM clause_11
  UNION ALL
  SELECT nhs_number AS person, 12 AS list, f, l, n, p FROM clause_12
  UNION ALL
  SELECT nhs_number AS person, 13 AS list, f, l, n, p FROM clause_13
  UNION ALL
  SELECT nhs_number AS person, 14 AS list, f, l, n, p FROM clause_14
  UNION ALL
  SELECT nhs_number AS person, 15 AS list, f, l, n, p FROM clause_15
  UNION ALL
  SELECT nhs_number AS person, 16 AS list, f, l, n, p FROM clause_16
  UNION ALL
  SELECT nhs_number AS person, 17 AS list, f, l, n, p FROM clause_17
  UNION ALL
  SELECT nhs_number AS person, 18 AS list, f, l, n, p FROM clause_18
  UNION ALL
  SELECT nhs_number AS person, 19 AS list, f, l, n, p FROM clause_19
  UNION ALL
  SELECT nhs_number AS person, 20 AS list, f, l, n, p FROM clause_20
  UNION ALL
  SELECT nhs_number AS person, 21 AS list, f, l, n, p FROM clause_21
  UNION ALL
  SELECT nhs_number AS person, 22 AS list, f, l, n, p FROM clause_22
  UNION ALL
  SELECT nhs_number AS person, 23 AS list, f, l, n, p FROM clause_23
  UNION ALL
  SELECT nhs_number AS person, 24 AS list, f, l, n, p FROM clause_24
  UNION ALL
  SELECT nhs_number AS person, 25 AS list, f, l, n, p FROM clause_25
  UNION ALL
  SELECT nhs_number AS person, 26 AS list, f, l, n, p FROM clause_26
),
