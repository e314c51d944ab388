"""Does it do what we signed? Every card and journey played on screen; and what is different."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from openprotect.packs.cards import Played
from openprotect.packs.languages import ENGLISH, named
from openprotect.packs.pack import Pack
from openprotect.packs.problems import PackRefused
from openprotect.packs.proving import play_cards, play_journeys
from openprotect.packs.rules_in_words import cell_in_words
from openprotect.programmes.queries import drafts
from openprotect.programmes.queries.unpacking import proven
from openprotect.web.access import StaffRequest, for_roles
from openprotect.web.studio.showing import READERS, held_or_404, show


@dataclass(frozen=True)
class CardLine:
    """One scenario card: what is answered, what must come of it, and what does."""

    name: str
    because: str
    answers: tuple[tuple[str, str], ...]
    expected: tuple[str, ...]
    fired: tuple[str, ...]
    is_right: bool


@require_safe
@for_roles(*READERS)
def cards(request: StaffRequest, pack_key: str) -> HttpResponse:
    held = held_or_404(pack_key)
    try:
        pack = held.pack()
        proof = proven(held.files, held.content_hash)
        lines = [_line(pack, each) for each in play_cards(pack)]
        journeys = play_journeys(pack)
    except PackRefused as refusal:
        return show(request, "refused", held=held, problems=refusal.problems)
    lines.sort(key=lambda each: each.is_right)  # what came out otherwise first
    return show(request, "cards", held=held, pack=pack, proof=proof, lines=lines, journeys=journeys)


def _line(pack: Pack, played: Played) -> CardLine:
    card, rules = played.card, {each.name: each.reason for each in pack.triage.rules}
    return CardLine(
        card.name,
        card.because,
        tuple(_told(pack, card.answers)),
        tuple(rules.get(each, each) for each in sorted(card.expected)),
        tuple(rules.get(each, each) for each in sorted(played.fired)),
        played.is_right,
    )


def _told(pack: Pack, answers: object) -> Iterator[tuple[str, str]]:
    """The answers in words; what cannot be read as an answer stands as it was typed."""
    given = dict(answers) if isinstance(answers, dict) else {}
    known = dict(pack.questionnaire.in_words(given))
    for name, value in given.items():
        item = pack.questionnaire.item(name)
        if item is not None:
            yield item.text, known.get(item.text) or cell_in_words(item, str(value))


@require_safe
@for_roles(*READERS)
def difference(request: StaffRequest, pack_key: str) -> HttpResponse:
    """What the draft changes, for everybody and then language by language."""
    held = held_or_404(pack_key)
    if held.draft is None:
        raise Http404("there is no draft")
    try:
        changes = drafts.changes_of(held.draft)
    except PackRefused as refusal:
        return show(request, "refused", held=held, problems=refusal.problems)
    ordered = sorted(changes, key=lambda each: (each.language not in ("", ENGLISH), each.language))
    sections = [
        (named(language) if language else "In every language", list(found))
        for language, found in groupby(ordered, key=lambda each: each.language)
    ]
    return show(request, "difference", held=held, sections=sections)
