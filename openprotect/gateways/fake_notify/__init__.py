"""A stand-in for GOV.UK Notify, for tests and the demonstration; it never reaches a phone.

It answers as the published description of Notify's interface says, keeps what it accepted on disk,
and makes trouble when asked to. Delivery receipts, which Notify posts to a service, will be here.
"""

from openprotect.gateways.fake_notify.faults import Fault
from openprotect.gateways.fake_notify.outbox import Kept, Outbox
from openprotect.gateways.fake_notify.server import FakeNotify
from openprotect.gateways.fake_notify.tokens import DEMO_KEY, DEMO_TEMPLATE

__all__ = ["DEMO_KEY", "DEMO_TEMPLATE", "FakeNotify", "Fault", "Kept", "Outbox"]
