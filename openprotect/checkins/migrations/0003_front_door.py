"""Whose questions a link leads to, and no way in once the check-in has closed.

The look-up gives the pack version alone: what a holder of the link may be told before the birth
date is given. It changes nothing.
"""

from django.db import migrations

from openprotect.base.isolation import definer

# Closed to the second, also while the worker that counts misses is late.
PACK = """
BEGIN
    IF NOT link_is_usable(token) THEN
        RETURN NULL;
    END IF;
    RETURN (
        SELECT c.pack_id FROM checkins_link l JOIN checkins_checkin c ON c.id = l.checkin_id
         WHERE l.token_digest = sha256(convert_to(token, 'UTF8'))
           AND c.closes_at > openprotect_now()
    );
END
"""


class Migration(migrations.Migration):
    dependencies = [("checkins", "0002_isolation")]
    operations = [definer("pack_of_link(token text)", "uuid", PACK)]
