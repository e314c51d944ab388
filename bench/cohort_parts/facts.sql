-- The facts of the tuned SQL: one scan of the codes that any list names, by way of the sorted store.
wanted AS MATERIALIZED (
  SELECT codes.code, listed.list, asked.since, asked.low, asked.high
  FROM listed JOIN codes ON codes.system = listed.system AND codes.written = listed.code
  JOIN asked ON asked.list = listed.list
),
facts AS MATERIALIZED (
  SELECT person, list, min("on") AS f, max("on") AS l, count(*) AS n,
         max(("on" - DATE '1970-01-01') * 1024.0 + value) AS p
  FROM coded JOIN wanted ON coded.code = wanted.code
  WHERE "on" BETWEEN since AND {as_of} AND (low IS NULL OR (value > low AND value < high))
  GROUP BY person, list
),
