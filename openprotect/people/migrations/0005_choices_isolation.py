"""What a person chose, needs and asked: theirs to say, by link too; read by whoever may reach them."""

from django.db import migrations

from openprotect.base.isolation import anchor, grant, protect

OF_A_SEEN_PERSON = "EXISTS (SELECT 1 FROM people_person p WHERE p.id = person_id)"
OWN = "((SELECT context_role()) = 'PERSON' AND person_id = (SELECT context_person()))"
BY_STAFF = f"""
((SELECT context_role()) IN ('WORKER', 'CALLER', 'PRACTICE', 'LOCALITY', 'SURVEILLANCE')
 AND {OF_A_SEEN_PERSON})
"""
BY_WORKER = f"((SELECT context_role()) = 'WORKER' AND {OF_A_SEEN_PERSON})"
EITHER = f"{OWN} OR {BY_STAFF}"


class Migration(migrations.Migration):
    dependencies = [("people", "0004_choices"), ("accounts", "0002_context")]
    operations = [
        grant("people_choice", app="SELECT, INSERT, UPDATE"),
        grant("people_need", app="SELECT, INSERT, UPDATE"),
        # What somebody said of their own number counts before what an import brings.
        grant("people_wish", app="SELECT, INSERT, UPDATE", imports="SELECT"),
        anchor("people_choice", "person_id", "way", "programme_id", "answer"),
        anchor("people_need", "person_id", "kind"),
        anchor("people_wish", "person_id", "kind"),
        protect("people_choice", see=EITHER, add=EITHER, change=EITHER),
        protect("people_need", see=EITHER, add=EITHER, change=EITHER),
        protect("people_wish", imports=True, see=EITHER, add=EITHER, change=BY_WORKER),
    ]
