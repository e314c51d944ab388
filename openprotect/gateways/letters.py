"""A letter as a tagged PDF: large enough to read, in the reader's language, with our way to check.

Drawn with WeasyPrint, which needs Pango of the system. The address stands where window envelopes
and the printers of GOV.UK Notify look for it: 24.6 mm from the left, 39.5 mm from the top.
"""

from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import Any

from openprotect.messages.rules import AUDIO, BRAILLE, EASY_READ, LARGE_PRINT, PRINT, Letter
from openprotect.packs.pack import Pack
from openprotect.people.models import Person
from openprotect.people.queries import needs_of

# A form that a need asks for; when there are several, the first of these.
FORMS = (BRAILLE, AUDIO, EASY_READ, LARGE_PRINT)
# Clear print is 14 point at least, large print 18 (UK Association for Accessible Formats).
POINTS = {PRINT: 14, LARGE_PRINT: 18, EASY_READ: 18, BRAILLE: 18, AUDIO: 18}
TO_THE_RIGHT = frozenset({"ar", "fa", "he", "ku", "ps", "ur"})
TO_INSTALL = (
    "Letters need Pango: apt-get install libpango-1.0-0 libpangoft2-1.0-0, or brew install pango."
)
STYLE = """
@page { size: A4; margin: 20mm 22mm; @bottom-right { content: counter(page) " / " counter(pages);
        font: 11pt sans-serif } }
@page :first { margin-top: 20mm }
html { font: %dpt/1.4 Arial, "Liberation Sans", "DejaVu Sans", sans-serif; color: #000 }
.from { position: absolute; top: 0; left: 0; width: 166mm; font-size: 11pt }
.to { position: absolute; top: 19.5mm; left: 2.6mm; width: 95.4mm; height: 26.8mm; font-size: 11pt;
      line-height: 1.15; white-space: pre-line; margin: 0 }
main { margin-top: 62mm }
h1 { font-size: 1.15em; margin: 0 0 1em }
p { margin: 0 0 .8em; white-space: pre-line }
"""


class CannotDraw(Exception):
    """A letter cannot be drawn on this machine; the message says what to install."""


def form_for(person: Person) -> str:
    """The form in which this person, or the carer who reads for them, can read a letter."""
    needed = set(needs_of(person.pk).values_list("kind", flat=True))
    return next((form for form in FORMS if form in needed), PRINT)


def letter_of(
    person: Person, address: str, subject: str, body: str, *, pack: Pack, language: str
) -> Callable[[], Letter]:
    """A letter that is drawn only when it is posted, outside any transaction."""
    form = form_for(person)
    to = f"{person.given_name} {person.family_name}\n{address}"
    sender = f"{pack.sender}\n{pack.sponsor}\n{pack.phone}"

    def draw() -> Letter:
        page = as_page(to, sender, subject, body, form=form, language=language)
        return Letter(to, as_pdf(page, POINTS[form]), form)

    return draw


def as_page(to: str, sender: str, subject: str, body: str, *, form: str, language: str) -> str:
    """The letter as a page with language, title, heading and paragraphs: what tags come from."""
    paragraphs = "".join(f"<p>{escape(each.strip())}</p>" for each in body.split("\n\n") if each)
    direction = "rtl" if language.split("-")[0] in TO_THE_RIGHT else "ltr"
    return (
        f'<html lang="{escape(language)}" dir="{direction}"><head><title>{escape(subject)}</title>'
        f'<meta name="author" content="{escape(sender.splitlines()[0])}"></head><body>'
        f'<div class="from" dir="ltr">{escape(sender).replace(chr(10), "<br>")}</div>'
        f'<p class="to" dir="ltr">{escape(_lines(to))}</p>'
        f"<main><h1>{escape(subject)}</h1>{paragraphs}</main></body></html>"
    )


def _lines(to: str) -> str:
    """An address written in one line, one part a line: at most seven, the last ones together."""
    parts = [part.strip() for line in to.splitlines() for part in line.split(",") if part.strip()]
    return "\n".join([*parts[:5], ", ".join(parts[5:-1]), *parts[-1:]] if len(parts) > 7 else parts)


def as_pdf(page: str, points: int) -> bytes:
    """A tagged PDF (PDF/UA) of a page, the same bytes for the same page."""
    weasyprint = _weasyprint()
    style = weasyprint.CSS(string=STYLE % points)
    drawn: bytes = weasyprint.HTML(string=page).write_pdf(
        stylesheets=[style], pdf_variant="pdf/ua-1"
    )
    return drawn


@lru_cache(maxsize=1)
def _weasyprint() -> Any:
    try:
        import weasyprint
    except (ImportError, OSError):
        raise CannotDraw(TO_INSTALL) from None
    return weasyprint
