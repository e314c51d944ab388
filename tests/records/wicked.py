"""A reader that has been taken over by the file it reads: it does what the file's name says."""

import os
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pyarrow as pa

from openprotect.records.readers import apart


def opens_a_socket(_folder):
    socket.create_connection(("127.0.0.1", 9), timeout=1)


def asks_the_web(_folder):
    urllib.request.urlopen("http://127.0.0.1:9/", timeout=1)


def runs_a_program(_folder):
    subprocess.run(["true"], check=True)


def becomes_a_program(_folder):
    os.execv("/bin/true", ["true"])  # noqa: S606


def calls_the_system(_folder):
    import ctypes

    ctypes.CDLL(None)


def writes_elsewhere(folder):
    Path(folder).parent.joinpath("elsewhere.txt").write_text("x")


def removes_elsewhere(folder):
    Path(folder).parent.joinpath("kept.txt").unlink()


def takes_4_gigabytes(_folder):
    bytearray(4 << 30)


def takes_4_gigabytes_outside_python(_folder):
    pa.allocate_buffer(4 << 30)


def loops_for_ever(_folder):
    while True:
        pass


def sleeps_for_ever(_folder):
    while True:
        time.sleep(60)


def breaks(_folder):
    raise KeyError("Canary 4505577104")


def crashes(_folder):
    os.abort()


class _Devices(Exception):
    """There is a way out."""


class _OnlyTheLoopback(Exception):
    """There is none."""


def looks_at_the_network(_folder):
    devices = Path("/proc/net/dev").read_text().splitlines()[2:]
    raise (
        _Devices
        if any(not line.strip().startswith("lo:") for line in devices)
        else _OnlyTheLoopback
    )


if __name__ == "__main__":
    apart.main(lambda order, folder: globals()[order.paths[0].stem](folder))
