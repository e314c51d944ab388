-- One scan a clause, as a first version is written: each clause is a query of its own over the events
-- as they were delivered, and leaves a table of the people whom it finds.
CREATE OR REPLACE TEMP TABLE clause_{list} AS
SELECT nhs_number, min("on") AS f, max("on") AS l, count(*) AS n,
       max(("on" - DATE '1970-01-01') * 1024.0 + value) AS p
FROM events
WHERE (system, code) IN (SELECT (system, code) FROM listed WHERE list = {list})
  AND "on" BETWEEN {since} AND {as_of} {believed}
GROUP BY nhs_number
