"""Processes and ports: ending with the parent, and saying in words that a port is taken."""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import socket
import sys

_PR_SET_PDEATHSIG = 1
PARENT = "GUANXI_PARENT"


class UnableToListen(Exception):
    """The address or the port cannot be used."""


def end_with_parent(number: signal.Signals = signal.SIGTERM, parent: int | None = None) -> None:
    """On Linux, be sent `number` when the parent ends, however it ends.

    Without `parent`, only a process that a supervisor started does so: its number is in GUANXI_PARENT.
    """
    if parent is None:
        parent = int(os.environ.pop(PARENT, "0")) or None
    if parent is None or sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:  # it ended before this process could ask
        sys.exit(1)


def port_number(text: str) -> int:
    """A port from a setting; raises UnableToListen for anything else."""
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise UnableToListen(f"The port {text!r} is not a number from 1 to 65535: set GUANXI_PORT or --port.")


def refuse_taken_port(host: str, port: int) -> None:
    """Raise UnableToListen, with words, when this address cannot be listened on."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror:
        raise UnableToListen(f"{host!r} is no address of this machine: set GUANXI_HOST or --host.") from None
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError as error:
            raise UnableToListen(_why(host, port, error)) from error


def _why(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is taken by another program: stop it, or choose another with --port or GUANXI_PORT."
    if error.errno == errno.EACCES:
        return f"Port {port} is for administrators only: choose one above 1023 with --port or GUANXI_PORT."
    if error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine: set GUANXI_HOST or --host."
    return f"Cannot listen on {host}:{port}: {error.strerror}."
