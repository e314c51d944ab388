"""Who may see what, in plain Python from the words of each role: a second opinion on row security.

It shares nothing with the policies. `may_see(who, fact)` is asked of every row of the world.
"""

from tests.isolation.world import ENDED

BY_PLACE = ("LOCALITY", "SURVEILLANCE")
CLINICAL = ("PRACTICE", *BY_PLACE)
LOCALITY_OF = {"PRA": "LOC", "PRA2": "LOC", "PRB": "LOC2", "PRB2": "LOC2"}


def is_live(purpose):
    return purpose != ENDED


def in_purpose(who, purpose):
    """A session is for one purpose, and lasts for people as long as its legal basis."""
    return who.purpose == purpose and is_live(purpose)


def sees_person(who, body):
    live = {purpose: status for purpose, status in body.enrolled.items() if is_live(purpose)}
    match who.role:
        case "WORKER":
            return bool(live)
        case "CALLER":
            return is_live(who.purpose) and (who.name, who.purpose) in body.claims
        case "PRACTICE":
            ours = body.practice == who.code
            return ours and (who.purpose in live or bool(body.open_alerts))
        case "LOCALITY":
            near = LOCALITY_OF[body.practice] == who.code
            return near and live.get(who.purpose) in ("ACTIVE", "LEFT")
        case "SURVEILLANCE":
            return live.get(who.purpose) in ("ACTIVE", "LEFT")
        case "PARTNER":
            return is_live(who.purpose) and (who.code, who.purpose) in body.open_alerts
    return False


def sees_in_programme(who, fact):
    """Something about somebody in one programme; the practice sees every programme of its own."""
    if not sees_person(who, fact.body):
        return False
    return who.role == "PRACTICE" or in_purpose(who, fact.purpose)


def counts(who, fact):
    """Leads count within their purpose; they are shown numbers, never a person."""
    return who.role == "LEAD" and in_purpose(who, fact.purpose)


def is_own(who, fact):
    return who.role == "PERSON" and fact.checkin == who.checkin


def works(who):
    return who.role == "WORKER"


def person(who, fact):
    return sees_person(who, fact.body)


def enrolment(who, fact):
    if works(who) or counts(who, fact) or plans(who, fact):
        return True
    decided = fact.body.enrolled[fact.purpose] in ("ACTIVE", "LEFT") or who.role == "PRACTICE"
    return decided and sees_in_programme(who, fact)


def why_included(who, fact):
    return works(who) or (who.role in CLINICAL and enrolment(who, fact))


def absence(who, fact):
    """That somebody is no longer found: as why they are here, and counted by leads."""
    return counts(who, fact) or why_included(who, fact)


def change(who, fact):
    """What a run changed for somebody, without a name: for a clinical lead of the purpose."""
    return who.role == "CLINICAL" and in_purpose(who, fact.purpose)


def request(who, fact):
    asked = who.role == "PRACTICE" and fact.owner == who.code
    return works(who) or (asked and in_purpose(who, fact.purpose))


def checkin(who, fact):
    seen = who.role != "PARTNER" and sees_in_programme(who, fact)
    return works(who) or counts(who, fact) or plans(who, fact) or is_own(who, fact) or seen


def answers(who, fact):
    """A call handler hears the answers of this call, not of earlier days."""
    if who.role == "CALLER":
        return sees_in_programme(who, fact) and fact.checkin in who_holds(who, fact)
    return (
        works(who) or is_own(who, fact) or (who.role in CLINICAL and sees_in_programme(who, fact))
    )


def who_holds(who, fact):
    return fact.body.in_hand if (who.name, who.purpose) in fact.body.claims else set()


def link(who, fact):
    return works(who)


def call(who, fact):
    queue = who.role in ("CALLER", "SUPERVISOR", "LEAD") and in_purpose(who, fact.purpose)
    return works(who) or queue or (who.role in CLINICAL and sees_in_programme(who, fact))


def standing(who, fact):
    """Why a call is next may tell of health: for who plans the day, not for who rings."""
    plans = who.role in ("SUPERVISOR", "LEAD") and in_purpose(who, fact.purpose)
    watches = who.role == "SURVEILLANCE" and sees_in_programme(who, fact)
    return works(who) or plans or watches


def attempt(who, fact):
    seen = who.role in ("CALLER", *CLINICAL) and sees_in_programme(who, fact)
    return works(who) or seen


def draft(who, fact):
    return works(who) or (who.role == "CALLER" and sees_in_programme(who, fact))


def message(who, fact):
    seen = who.role in ("CALLER", *CLINICAL) and sees_in_programme(who, fact)
    return works(who) or counts(who, fact) or seen


def alert(who, fact):
    if who.role == "PARTNER":
        return fact.owner == who.code and in_purpose(who, fact.purpose)
    clinical = who.role in CLINICAL and sees_in_programme(who, fact)
    climbed = who.role == "CLINICAL" and in_purpose(who, fact.purpose)
    return works(who) or counts(who, fact) or clinical or climbed


def finding(who, fact):
    """What asked for an alert, and what came of it: for care, not for a partner."""
    return works(who) or (who.role in CLINICAL and sees_in_programme(who, fact))


def follow_up(who, fact):
    own = who.role == "PERSON" and who.person == str(fact.body.person.pk)
    to_ask = who.role == "CALLER" and sees_in_programme(who, fact)
    return own or to_ask or finding(who, fact)


def referral(who, fact):
    """Those who care for the person, and the organisation that it was made to."""
    made_to = who.role in ("PARTNER", "CLIENT", *CLINICAL) and fact.owner == who.code
    asked = made_to and in_purpose(who, fact.purpose)
    clinical = who.role in CLINICAL and sees_in_programme(who, fact)
    return works(who) or counts(who, fact) or asked or clinical


def document(who, fact):
    return works(who) or (who.role in CLINICAL and sees_in_programme(who, fact))


def notice(who, fact):
    asked = who.role in CLINICAL and referral(who, fact)
    return works(who) or asked


def medicines(who, fact):
    """Who brings the medicines: for those who care for the person, and a partner at work on it."""
    return who.role in ("WORKER", "PARTNER", *CLINICAL) and sees_person(who, fact.body)


def handover(who, fact):
    if who.role == "PARTNER":
        return fact.owner == who.code and sees_in_programme(who, fact)
    return works(who) or (who.role in CLINICAL and sees_in_programme(who, fact))


def evaluation(who, fact):
    return works(who) or (who.role in CLINICAL and sees_in_programme(who, fact))


def event(who, fact):
    """Everybody sees what they did themselves; a partner, what happened to its own alerts."""
    mine = bool(who.user_id) and fact.by == who.user_id
    counted = who.role in ("LEAD", "GOVERNANCE") and in_purpose(who, fact.purpose)
    if who.role == "PARTNER":
        return mine or (bool(fact.about) and alert(who, fact))
    return mine or works(who) or counted or (who.role in CLINICAL and sees_in_programme(who, fact))


def access(who, fact):
    own_people = who.role == "PRACTICE" and sees_person(who, fact.body)
    return who.role in ("GOVERNANCE", "WORKER") or own_people


def reads_staff(who, fact):
    return who.role in ("GOVERNANCE", "WORKER") or (bool(who.user_id) and fact.by == who.user_id)


def staffs(who, purpose):
    """Whoever staffs the call floor of a purpose."""
    return who.role in ("LEAD", "SUPERVISOR") and who.purpose == purpose


def membership(who, fact):
    """Leads and supervisors see who rings for their purpose, and whom their own body employs."""
    employs = who.role in ("LEAD", "SUPERVISOR") and who.code == fact.owner
    rings = fact.about == "CALLER" and (staffs(who, fact.purpose) or employs)
    return reads_staff(who, fact) or rings


def of_the_floor(who, fact):
    return reads_staff(who, fact) or staffs(who, fact.purpose)


def shift(who, fact):
    """A floor's rota is for whoever works on it or staffs it."""
    works_there = who.role == "CALLER" and who.purpose == fact.purpose
    return of_the_floor(who, fact) or works_there


def plans(who, fact):
    """Whoever staffs the floor counts calls, check-ins and people of its purpose, unnamed."""
    return who.role == "SUPERVISOR" and in_purpose(who, fact.purpose)


def word_to_a_caller(who, fact):
    """For the call handler it is written to, and for supervisors: for nobody else."""
    theirs = who.role == "CALLER" and who.user_id == fact.by and in_purpose(who, fact.purpose)
    return works(who) or plans(who, fact) or theirs


def loan(who, fact):
    leads = who.role in ("LEAD", "SUPERVISOR") and who.code in fact.owner.split()
    return reads_staff(who, fact) or leads


def claim(who, fact):
    """A body sees its own asks; who sees a person sees who contacted them, in any programme."""
    if who.role in ("PARTNER", "CLIENT"):
        return fact.owner == who.code and is_live(who.purpose)
    if who.role == "LEAD":
        return is_live(who.purpose) and who.purpose in fact.body.enrolled
    seen = who.role in ("CALLER", *CLINICAL) and sees_person(who, fact.body)
    return works(who) or seen


def precaution(who, fact):
    """What to mind: with its person; what is for clinical teams, call handlers do not read."""
    if who.role == "CALLER":
        return fact.about != "CLINICAL" and sees_person(who, fact.body)
    return works(who) or (who.role in CLINICAL and sees_person(who, fact.body))


def unreached(who, fact):
    clinical = who.role in CLINICAL and sees_in_programme(who, fact)
    return works(who) or counts(who, fact) or clinical


def tried(who, fact):
    return works(who) or (who.role in CLINICAL and sees_in_programme(who, fact))


def exchange(who, fact):
    """A list is the business of the body that sent it."""
    own = who.role in ("PARTNER", "CLIENT") and fact.owner == who.code
    return works(who) or (own and is_live(who.purpose))


def of_imports(who, fact):
    """Rows held back and pairs are a steward's of the whole system, in whatever purpose."""
    return works(who) or (who.role == "STEWARD" and who.code == "SYS")


def said(who, fact):
    """What somebody chose or needs: theirs to say, and flagged to whoever may reach them."""
    own = who.role == "PERSON" and who.person == str(fact.body.person.pk)
    seen = who.role in ("WORKER", "CALLER", *CLINICAL) and sees_person(who, fact.body)
    return own or seen


def flagged(who, fact):
    return who.role in ("WORKER", "CALLER", *CLINICAL) and sees_person(who, fact.body)


def standing_in(who, fact):
    return is_own(who, fact) or flagged(who, fact)


def reply(who, fact):
    return works(who) or (who.role in CLINICAL and sees_person(who, fact.body))


def rehearsed(who, fact):
    """What a draft would have made of somebody: for their own practice."""
    return works(who) or (who.role == "PRACTICE" and sees_person(who, fact.body))


WORDS = {
    "programmes_rehearsed": rehearsed,
    "people_person": person,
    "people_registration": person,
    "enrolments_enrolment": enrolment,
    "enrolments_reason": why_included,
    "enrolments_decision": why_included,
    "enrolments_absence": absence,
    "enrolments_request": request,
    "cohorts_change": change,
    "checkins_checkin": checkin,
    "checkins_answer": answers,
    "checkins_response": answers,
    "checkins_conflict": answers,
    "checkins_link": link,
    "checkins_excuse": flagged,
    "checkins_rhythm": flagged,
    "checkins_standin": standing_in,
    "calls_call": call,
    "calls_attempt": attempt,
    "calls_draft": draft,
    "calls_standing": standing,
    "calls_besttime": flagged,
    "messages_message": message,
    "contacts_claim": claim,
    "contacts_exchange": exchange,
    "contacts_precaution": precaution,
    "contacts_unreached": unreached,
    "contacts_tried": tried,
    "messages_reply": reply,
    "people_choice": said,
    "people_need": said,
    "people_wish": said,
    "alerts_alert": alert,
    "alerts_finding": finding,
    "alerts_followup": follow_up,
    "alerts_handover": handover,
    "alerts_medicinescare": medicines,
    "alerts_evaluation": evaluation,
    "referrals_referral": referral,
    "referrals_document": document,
    "referrals_notice": notice,
    "referrals_tasklink": link,
    "events_event": event,
    "governance_access": access,
    "accounts_membership": membership,
    "accounts_ability": of_the_floor,
    "accounts_loan": loan,
    "accounts_pause": of_the_floor,
    "accounts_shift": shift,
    "floor_coaching": word_to_a_caller,
    "floor_line": word_to_a_caller,
    "floor_review": word_to_a_caller,
    "floor_sheet": word_to_a_caller,
    "records_changesetproblem": of_imports,
    "records_proposal": of_imports,
}


def may_see(who, fact):
    return WORDS[fact.table](who, fact)
