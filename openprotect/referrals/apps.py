from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "openprotect.referrals"
    label = "referrals"
    verbose_name = "referrals to other organisations"
