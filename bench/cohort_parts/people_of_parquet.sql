-- Views with the names that judged.sql reads; a person is known by their number.
CREATE VIEW practices AS SELECT DISTINCT practice_code AS practice, practice_code AS code FROM delivered;
CREATE VIEW people AS
SELECT nhs_number AS person, nhs_number, birth_date AS born, practice_code AS practice, registered_on,
       left_on, deceased AS is_dead, deceased_on AS died_on
FROM delivered;
