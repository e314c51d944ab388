"""The clients of the measurements over HTTP wait, count and measure as they say."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from bench.web_parts import clients


class Page(BaseHTTPRequestHandler):
    """Says back what was sent; closes the connection when asked to."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(302)
        self.send_header("Content-Length", str(len(body)))
        if b"close" in body:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def port():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever).start()
    yield server.server_port
    server.shutdown()
    server.server_close()


def test_a_client_reads_what_comes_back_on_one_connection(port):
    connection = clients.Connection(port)

    answers = [connection.ask(clients.post("/x", f"number={n}")) for n in range(3)]

    assert [(status, body) for status, _, body in answers] == [
        (302, f"number={n}".encode()) for n in range(3)
    ]
    connection.close()


def test_a_connection_that_the_server_closed_is_opened_again(port):
    connection = clients.Connection(port)

    answers = [connection.ask(clients.post("/x", form))[2] for form in ("close", "again")]

    assert answers == [b"close", b"again"]
    connection.close()


def test_every_request_is_sent_once_and_timed(port):
    requests = [clients.post("/x", f"number={n}") for n in range(40)]

    load = clients.press(port, requests, clients=4, seconds=30)

    assert (len(load.times), load.statuses) == (40, {302: 40})
    assert load.at(50) <= load.at(99)
    assert load.rate > 0
