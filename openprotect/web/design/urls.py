"""Addresses of the style page; included in demo mode only."""

from django.urls import path

from openprotect.web.design import example_pages, pages

app_name = "design"
urlpatterns = [
    path("", pages.components, name="components"),
    path("worklist/", pages.worklist, name="worklist"),
    path("worklist/empty/", pages.empty_worklist, name="empty-worklist"),
    path("case/", pages.case, name="case"),
    path("fields/", pages.fields, name="fields"),
    path("fields/wrong/", pages.wrong_fields, name="wrong-fields"),
    path("start/", pages.start, name="start"),
    path("question/", pages.question, name="question"),
    path("question/unanswered/", pages.question_unanswered, name="question-unanswered"),
    path("question/birth-date/", pages.birth_date, name="birth-date"),
    path("end/", pages.end, name="end"),
    path("neutral/", pages.neutral, name="neutral"),
    *(
        path(f"form/{name}/", example_pages.form_page, {"name": name}, name=f"form/{name}")
        for name in example_pages.PAGES
    ),
    path("error/<int:status>/", pages.error, name="error"),
]
