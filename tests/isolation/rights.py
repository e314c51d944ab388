"""What each role may do with each table at all, written down: a right more or less is a decision.

By table: the application, imports, and the look-up functions that see past row security.
s select, i insert, u update, d delete. Row security narrows all of it further.
"""

RIGHTS = """
accounts_ability               siu   -     s
accounts_credential            i     -     su
accounts_loan                  si    -     su
accounts_membership            siu   -     siu
accounts_pause                 siu   -     s
accounts_session               -     -     siu
accounts_shift                 siu   -     s
accounts_user                  siu   -     s
alerts_alert                   siu   -     su
alerts_evaluation              si    -     s
alerts_finding                 siu   -     s
alerts_followup                siu   -     s
alerts_handover                si    -     s
alerts_medicinescare           siu   -     s
alerts_procedure               si    -     s
api_key                        siu   -     su
api_repeatable                 siu   -     s
calls_attempt                  si    -     s
calls_besttime                 siu   -     s
calls_call                     siu   -     s
calls_draft                    siu   -     s
calls_standing                 siu   -     s
checkins_answer                si    -     s
checkins_checkin               siu   -     s
checkins_conflict              si    -     s
checkins_excuse                siu   -     s
checkins_link                  siu   -     su
checkins_response              si    -     s
checkins_rhythm                siu   -     s
checkins_standin               siu   -     s
cohorts_change                 s     si    s
cohorts_found                  s     si    s
cohorts_run                    s     siu   s
contacts_claim                 s     -     siu
contacts_exchange              siu   -     s
contacts_limit                 siu   -     s
contacts_precaution            siu   -     s
contacts_tried                 si    -     s
contacts_unreached             siu   -     s
django_migrations              s     s     -
enrolments_absence             siu   siu   s
enrolments_decision            si    -     s
enrolments_enrolment           siu   siu   s
enrolments_reason              si    si    s
enrolments_reminder            si    -     s
enrolments_request             siu   -     s
enrolments_standstill          siu   -     s
events_done                    si    -     s
events_event                   siu   si    s
floor_coaching                 si    -     s
floor_line                     siu   -     s
floor_review                   si    -     s
floor_sheet                    si    -     s
governance_access              si    i     si
governance_installation        s     s     su
governance_legalbasis          si    s     s
messages_message               siu   -     s
messages_notice                su    -     siu
messages_outage                siu   -     -
messages_pause                 siu   -     -
messages_reply                 siu   -     s
messages_turnedaway            s     -     siu
pathway_heartbeat              siu   -     s
people_choice                  siu   -     s
people_need                    siu   -     s
people_person                  siu   siu   s
people_registration            siu   siu   s
people_wish                    siu   s     s
places_organisation            siu   siu   s
places_relationship            siu   siu   s
places_shift                   siu   -     s
places_specialday              si    -     s
places_team                    siu   siu   s
places_undertaking             si    -     s
places_workinghours            si    -     s
procrastinate_events           siud  siud  -
procrastinate_jobs             siud  siud  -
procrastinate_periodic_defers  siud  siud  -
procrastinate_workers          siud  siud  -
programmes_adaptation          siu   s     s
programmes_draft               siu   -     -
programmes_edit                si    -     -
programmes_packversion         si    s     s
programmes_programme           siu   s     s
programmes_rehearsal           siu   -     -
programmes_rehearsed           si    -     s
programmes_signature           si    -     -
records_changeset              siu   siu   s
records_changesetcount         siu   siu   s
records_changesetproblem       siu   siu   s
records_proposal               su    siu   s
referrals_document             siu   -     s
referrals_mailbox              siu   -     s
referrals_notice               siu   -     si
referrals_referral             siu   -     s
referrals_tasklink             siu   -     su
voices_feedback                siu   -     s
voices_note                    siu   -     s
voices_wording                 si    -     s
"""

# Tables that name nobody: counts, versions, jobs with ids alone, when work last finished.
OPEN = {
    "cohorts_run",
    "django_migrations",
    "governance_installation",
    "pathway_heartbeat",
    "procrastinate_events",
    "procrastinate_jobs",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
}

# Functions that see past row security: each is asked for something that names nobody, or proves
# by a secret who asks.
SEE_PAST = {
    "answers_of_last_time",
    "answer_loan",
    "body_of_claim",
    "ask_task_code",
    "checkins_claimed",
    "claim_contact",
    "claim_contacts",
    "close_session",
    "context",
    "context_checkin",
    "context_organisation",
    "context_person",
    "context_practices",
    "context_referral",
    "context_role",
    "context_user",
    "demonstration_birth_date",
    "end_client_session",
    "end_loan",
    "give_back_alert",
    "lapse_contacts",
    "is_closed_alert",
    "link_is_usable",
    "moved_away",
    "live_programmes",
    "next_sheet_number",
    "numbers_behind",
    "open_client_session",
    "open_demo_session",
    "open_link",
    "open_session",
    "staff_of",
    "open_task",
    "openprotect_move_clock",
    "openprotect_now",
    "own_alert",
    "pack_of_link",
    "people_alerted",
    "people_claimed",
    "person_has_open_alert",
    "person_is_among",
    "person_is_live",
    "reach_counts",
    "recall_contacts",
    "salt_of",
    "settle_contact",
    "settle_contacts",
    "spend_request",
    "stamp_access",
    "switch_membership",
    "take_in_notice",
    "task_is_open",
    "team_is_staffed",
    "turn_away",
}


def written_down():
    """Rights by table and role, as the table above says."""
    rows = [line.split() for line in RIGHTS.strip().splitlines()]
    return {table: tuple(rights) for table, *rights in rows}
