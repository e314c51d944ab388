"""Clients that wait for each answer before they ask again, each on a connection that stays open."""

import socket
import statistics
import threading
import time
from dataclasses import dataclass, field


class Connection:
    """One client's connection, opened again when the server closed it."""

    def __init__(self, port):
        self.port, self.socket, self.rest = port, None, b""

    def ask(self, request):
        """Send one request; its status and body."""
        try:
            return self._ask(request)
        except (BrokenPipeError, ConnectionResetError, EOFError):
            self.socket = (
                None  # closed between two requests, as a server may: this one was not taken
            )
            return self._ask(request)

    def _ask(self, request):
        if self.socket is None:
            self.socket, self.rest = socket.create_connection(("127.0.0.1", self.port)), b""
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        head, self.rest = self._until(b"\r\n\r\n")
        headers = dict(
            line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line
        )
        length = int(headers.get(b"content-length", 0))
        while len(self.rest) < length:
            self.rest += self._read()
        body, self.rest = self.rest[:length], self.rest[length:]
        if headers.get(b"connection") == b"close":
            self.socket.close()
            self.socket = None
        return int(head[9:12]), headers, body

    def close(self):
        if self.socket is not None:
            self.socket.close()

    def _until(self, mark):
        while mark not in self.rest:
            self.rest += self._read()
        return self.rest.split(mark, 1)

    def _read(self):
        got = self.socket.recv(65536)
        if not got:
            raise EOFError
        return got


@dataclass
class Load:
    """What clients met: seconds of each request, and the statuses they were answered with."""

    seconds: float = 0.0
    times: list = field(default_factory=list)
    statuses: dict = field(default_factory=dict)

    @property
    def rate(self):
        return len(self.times) / self.seconds

    def at(self, percent):
        """So many of a hundred were answered within this, in milliseconds."""
        return statistics.quantiles(self.times, n=100, method="inclusive")[percent - 1] * 1000


def press(port, requests, *, clients, seconds):
    """Each client takes the next request as soon as it has its answer, until time is over."""
    waiting, load, lock = iter(requests), Load(), threading.Lock()
    until = time.perf_counter() + seconds

    def one():
        connection, times, statuses = Connection(port), [], []
        while time.perf_counter() < until:
            with lock:
                request = next(waiting, None)
            if request is None:
                break
            began = time.perf_counter()
            status, _, _ = connection.ask(request)
            times.append(time.perf_counter() - began)
            statuses.append(status)
        connection.close()
        with lock:
            load.times += times
            for each in statuses:
                load.statuses[each] = load.statuses.get(each, 0) + 1

    threads = [threading.Thread(target=one) for _ in range(clients)]
    began = time.perf_counter()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    load.seconds = time.perf_counter() - began
    return load


def get(path, cookie=""):
    return _head("GET", path, cookie) + b"\r\n"


def post(path, form, cookie=""):
    """A form as a browser sends it; `form` is what is in it, encoded already."""
    body = form.encode()
    kind = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    return _head("POST", path, cookie) + kind.encode() + b"\r\n" + body


def _head(verb, path, cookie):
    lines = [f"{verb} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"Cookie: {cookie}"] if cookie else []
    return ("\r\n".join(lines) + "\r\n").encode()
