from django.urls import path

from openprotect.api import claims, document

app_name = "api"
urlpatterns = [
    path("v1/openapi.json", document.openapi, name="openapi"),
    path("v1/claims", claims.claims, name="claims"),
    path("v1/claims/<uuid:claim_id>", claims.claim, name="claim"),
]
