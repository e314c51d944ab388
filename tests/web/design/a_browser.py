"""What a browser would send of a page that nobody has changed: every control with its value."""

from html.parser import HTMLParser

from django.http import QueryDict

SENT_AS_CHECKED = {"radio", "checkbox"}


class Controls(HTMLParser):
    """Reads the controls of a page in their order."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.sent, self._area, self._select, self._text = [], None, None, ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        had = dict(attributes)
        if tag == "input" and had.get("name"):
            if had.get("type") not in SENT_AS_CHECKED or "checked" in had:
                self.sent.append((had["name"], had.get("value", "")))
        elif tag == "textarea":
            self._area, self._text = had.get("name"), ""
        elif tag == "select":
            self._select = had.get("name")
        elif tag == "option" and "selected" in had:
            self.sent.append((self._select, had.get("value", "")))

    def handle_data(self, data):
        self._text += data

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.sent.append((self._area, self._text.lstrip("\n")))
            self._area = None


def as_sent(page):
    given = QueryDict(mutable=True)
    for name, value in Controls(page).sent:
        given.appendlist(name, value)
    return given
