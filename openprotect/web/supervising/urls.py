"""Addresses of those who staff the call floor, and of a call handler's own day."""

from django.urls import path

from openprotect.web.supervising import ahead, board, lending, looking, people, sheets

app_name = "supervising"
urlpatterns = [
    path("", board.board, name="board"),
    path("live/", board.live, name="live"),
    path("spread/", board.spread, name="spread"),
    path("balance/", board.balance, name="balance"),
    path("waiting/<uuid:waiting_id>/", board.give, name="give"),
    path("people/<uuid:colleague_id>/", people.colleague, name="colleague"),
    path("people/<uuid:colleague_id>/resume/", people.resume, name="resume"),
    path("mine/", people.mine, name="mine"),
    path("mine/resume/", people.go_on, name="go-on"),
    path("ahead/", ahead.forecast, name="forecast"),
    path("shifts/", ahead.rota, name="rota"),
    path("loans/", lending.loans, name="loans"),
    path("loans/<uuid:loan_id>/answer/", lending.answer, name="answer"),
    path("loans/<uuid:loan_id>/end/", lending.end, name="end"),
    path("calls/", looking.quality, name="quality"),
    path("calls/<uuid:waiting_id>/of/<uuid:colleague_id>/", looking.review, name="review"),
    path("calls/<uuid:waiting_id>/listening/", looking.listened, name="listened"),
    path("paper/", sheets.sheets, name="sheets"),
    path("paper/bring/", sheets.bring, name="bring"),
    path("paper/<uuid:sheet_id>/", sheets.sheet, name="sheet"),
    path("paper/<uuid:sheet_id>/print.pdf", sheets.printed, name="print"),
    path("paper/<uuid:sheet_id>/back/", sheets.back, name="back"),
    path("paper/<uuid:sheet_id>/lines/<int:number>/", sheets.line, name="line"),
    path("paper/<uuid:sheet_id>/lines/<int:number>/looked/", sheets.looked, name="looked"),
]
