"""A page of paper: HTML of our own made into a tagged PDF, without asking any address."""

from html import escape
from typing import Any


class NoPaper(Exception):
    """This machine cannot make a PDF: the libraries for it are not installed."""


STYLE = """
@page { size: A4; margin: 20mm }
body { font: 11pt/1.45 sans-serif }
h1 { font-size: 16pt } dt { font-weight: bold } dd { margin: 0 0 8pt }
"""


def page(title: str, facts: list[tuple[str, str]], foot: str) -> str:
    """A plain page: a heading, facts under their names, and a line at the end."""
    listed = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(text)}</dd>" for name, text in facts if text
    )
    return (
        f'<html lang="en-GB"><head><title>{escape(title)}</title><style>{STYLE}</style></head>'
        f"<body><h1>{escape(title)}</h1><dl>{listed}</dl><p>{escape(foot)}</p></body></html>"
    )


def pdf_of(html: str) -> bytes:
    """The PDF of a page. It fetches nothing: what a page shows is in it."""
    try:
        import weasyprint
    except (ImportError, OSError):
        raise NoPaper("no PDF can be made here: install Pango") from None
    made: Any = weasyprint.HTML(string=html, url_fetcher=_nothing)
    written: bytes = made.write_pdf(pdf_variant="pdf/ua-1")
    return written


def _nothing(url: str, *_: object, **__: object) -> Any:
    raise ValueError("a page fetches nothing")
