"""Run the stand-in: `python -m openprotect.gateways.fake_notify --port 8099 --folder outbox`."""

import argparse
import signal
import sys
from pathlib import Path

from openprotect.gateways.fake_notify.server import FakeNotify
from openprotect.gateways.fake_notify.tokens import DEMO_KEY, DEMO_TEMPLATE


def main() -> int:
    parser = argparse.ArgumentParser(prog="fake_notify", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--folder", type=Path, required=True, help="where messages are kept")
    parser.add_argument("--key", default=DEMO_KEY)
    parser.add_argument("--template", default=DEMO_TEMPLATE)
    asked = parser.parse_args()
    fake = FakeNotify(asked.folder, port=asked.port, key=asked.key, template_id=asked.template)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    sys.stdout.write(f"{fake.url}\n")
    sys.stdout.flush()
    try:
        fake.serve()
    except KeyboardInterrupt:
        return 0
    finally:
        fake.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
