from django.urls import path

from openprotect.api import claims, document, referrals

app_name = "api"
urlpatterns = [
    path("v1/openapi.json", document.openapi, name="openapi"),
    path("v1/claims", claims.claims, name="claims"),
    path("v1/claims/<uuid:claim_id>", claims.claim, name="claim"),
    path("v1/referrals", referrals.referrals, name="referrals"),
    path("v1/referrals/<uuid:referral_id>", referrals.referral, name="referral"),
]
