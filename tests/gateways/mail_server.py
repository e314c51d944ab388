"""A small mail server for tests: it speaks SMTP as RFC 5321 has it, and says what it is told to."""

import socketserver
from threading import Thread


class MailServer:
    """Keeps what it accepts. `refuses` gives the code for a command: {"RCPT": 550}."""

    def __init__(self, **refuses):
        self.refuses, self.kept = refuses, []
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Talk)
        self._server.daemon_threads = True
        self._server.mail = self
        self.url = f"smtp://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self):
        Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()


class Talk(socketserver.StreamRequestHandler):
    def handle(self):
        mail = self.server.mail
        self._say(mail.refuses.get("GREET", 220))
        while line := self.rfile.readline():
            verb = line[:4].decode().upper().strip()
            if mail.refuses.get(verb) == "hang up":
                return
            if verb == "QUIT":
                self._say(221)
                return
            code = mail.refuses.get(verb, {"DATA": 354}.get(verb, 250))
            self._say(code)
            if verb == "DATA" and code == 354 and not self._take(mail):
                return

    def _take(self, mail):
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        if mail.refuses.get("TAKEN") == "hang up":
            mail.kept.append(b"".join(lines))
            return False
        code = mail.refuses.get("TAKEN", 250)
        if code == 250:
            mail.kept.append(b"".join(lines))
        self._say(code)
        return True

    def _say(self, code):
        self.wfile.write(f"{code} said\r\n".encode())
