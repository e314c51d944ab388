"""Who carries the texts of a season: a postbox in this process, with the faults of a real one."""

from dataclasses import dataclass, field
from uuid import UUID

from openprotect.gateways.fake_notify.outbox import ENDS
from openprotect.messages.rules import Letter, Receipt, TryLater, Undeliverable
from openprotect.simulation.chance import Dice

REFUSED, SILENT, ACCEPTED_IN_SILENCE = 0.0005, 0.003, 0.001
LATE, LOST = 0.02, 0.01


@dataclass
class Provider:
    """Takes each text once under our reference; now and then it refuses, or says nothing.

    Its outcomes are those of the stand-in for GOV.UK Notify, which is proven true; there are no
    sockets between, so that a season of millions of texts takes minutes.
    """

    dice: Dice
    links: dict[UUID, str] = field(default_factory=dict)
    on_its_way: dict[UUID, bool] = field(default_factory=dict)
    late: set[UUID] = field(default_factory=set)
    tries: dict[UUID, int] = field(default_factory=dict)
    accepted: int = 0

    def find(self, reference: UUID, channel: str) -> Receipt | None:
        """What we know of a reference, until its end was told once."""
        failing = self.on_its_way.get(reference)
        if failing is None:
            return None
        if reference not in self.late and self.dice.happens(LATE, "late", str(reference)):
            self.late.add(reference)
            return Receipt(str(reference), "sending")
        self.late.discard(reference)
        del self.on_its_way[reference]
        is_lost = failing or self.dice.happens(LOST, "lost", str(reference))
        return Receipt(str(reference), "failed" if is_lost else "delivered")

    def post_email(self, reference: UUID, to: str, subject: str, body: str) -> Receipt:
        """Taken like a text: what the words are makes no difference here."""
        return self.post_text(reference, to, f"{subject}\n{body}")

    def post_letter(self, reference: UUID, letter: Letter) -> Receipt:
        return self.post_text(reference, letter.to, "")

    def recall(self, reference: UUID) -> bool:
        return False

    def post_text(self, reference: UUID, to: str, body: str) -> Receipt:
        """Take a text. Raises TryLater, having accepted it or not, or Undeliverable."""
        turn = self.tries.get(reference, 0)
        drawn = self.dice.chance("post", str(reference), turn)
        if drawn < REFUSED:
            raise Undeliverable("the number is not a UK mobile")
        if drawn < REFUSED + SILENT:
            self.tries[reference] = turn + 1
            raise TryLater("no answer")
        self._accept(reference, to, body)
        if drawn < REFUSED + SILENT + ACCEPTED_IN_SILENCE:
            self.tries[reference] = turn + 1
            raise TryLater("no answer")
        return Receipt(str(reference), "sending")

    def _accept(self, reference: UUID, to: str, body: str) -> None:
        self.accepted += 1
        self.on_its_way[reference] = to.replace(" ", "").replace("+44", "0") in ENDS
        if "/c/" in body:
            self.links[reference] = body.rsplit("/c/", 1)[1].split()[0]

    def forget_links(self) -> None:
        """Yesterday's texts: nobody answers by them any more."""
        self.links.clear()
