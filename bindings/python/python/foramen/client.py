"""A client of ``foramen serve``, with the standard library alone.

>>> from foramen.client import Client
>>> client = Client("http://127.0.0.1:8080", token="…")          # doctest: +SKIP
>>> client.audit("L4-5: left foraminal stenosis.").gaps[0].element  # doctest: +SKIP
'severity'

What comes back is what :func:`foramen.audit` gives: offsets count code points. Notes are sent to the server that you
name, and nowhere else.
"""

from __future__ import annotations

import collections
import contextlib
import http.client
import json
import socket
import ssl
import threading
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from foramen._native import ForamenError
from foramen.note import Audit, Kept

__all__ = ["Client", "Note", "Problem", "Refused", "Rule"]

# Bytes of lines that are sent at a time.
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Note:
    """A note, and what is known of it; ``ignore`` pairs rules that are set aside with the reasons."""

    text: str
    note_id: str | None = None
    note_type: str | None = None
    service_date: date | str | None = None
    setting: str | None = None
    payer: str | None = None
    contractor: str | None = None
    ignore: tuple[tuple[str, str], ...] = ()

    def _json(self) -> bytes:
        values = {name: getattr(self, name) for name in (each.name for each in fields(self))}
        values["ignore"] = [{"rule": rule, "reason": reason} for rule, reason in self.ignore]
        known = {name: value for name, value in values.items() if value not in (None, [])}
        return json.dumps(known, default=str).encode()


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a request, or a line of a stream, was refused (RFC 9457). It quotes nothing of a note."""

    type: str
    title: str
    status: int
    detail: str | None = None
    line: int | None = None

    @classmethod
    def _of(cls, values: Mapping[str, Any]) -> Problem:
        known: dict[str, Any] = {each.name: values.get(each.name) for each in fields(cls)}
        return cls(**known)


class Refused(ForamenError):
    """The server refused a request; ``retry_after`` has the seconds after which it may be sent again."""

    def __init__(self, problem: Problem, retry_after: int | None = None) -> None:
        super().__init__(f"{problem.status} {problem.title}: {problem.detail or problem.type}")
        self.problem = problem
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that the server checks."""

    pack: str
    code: str
    title: str
    level: str
    element: str | None
    summary: str
    why: str
    sources: tuple[str, ...]


def _audit(line: bytes, text: str) -> Audit:
    return Audit(Kept(line.decode(), None), text)


class Client:
    """A server; each request has a connection of its own, so that threads can share a client.

    ``token`` is the bearer token, ``timeout`` the seconds that a connection may be silent, ``tls`` what to trust where
    the server's certificate is not the system's to judge.
    """

    def __init__(
        self, url: str, *, token: str | None = None, timeout: float = 30.0, tls: ssl.SSLContext | None = None
    ) -> None:
        parts = urllib.parse.urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError("write the server's address as https://host:port")
        self._encrypted = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._base = parts.path.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._timeout, self._tls = timeout, tls

    def audit(self, note: Note | str, **known: Any) -> Audit:
        """The audit of a note: a text with what is known of it as keywords of :class:`Note`, or a note.

        Raises :class:`Refused` with the server's problem, ``OSError`` where it cannot be reached.
        """
        note = Note(note, **known) if isinstance(note, str) else note
        headers = {"Content-Type": "application/json"}
        answer = self._ask("POST", "/v1/audit?offsets=code_points", note._json(), headers)
        return _audit(answer, note.text)

    def audit_many(self, notes: Iterable[Note | str]) -> Iterator[Audit | Problem]:
        """The audits of many notes in their order, streamed: notes are taken as fast as audits are.

        A note that is refused gives its :class:`Problem`, and the others go on.
        """
        sent: collections.deque[str] = collections.deque()
        connection = self._connect()
        failed: list[BaseException] = []
        sender = threading.Thread(target=self._send, args=(connection, notes, sent, failed), daemon=True)
        try:
            connection.putrequest("POST", f"{self._base}/v1/audit/batch?offsets=code_points")
            for name, value in self._headers.items():
                connection.putheader(name, value)
            connection.putheader("Content-Type", "application/x-ndjson")
            connection.putheader("Transfer-Encoding", "chunked")
            connection.endheaders()
            sender.start()
            answer = connection.getresponse()
            if answer.status != 200:
                raise _refused(answer)
            for line in answer:
                values = json.loads(line)
                if "schema" in values:
                    yield _audit(line, sent.popleft())
                    continue
                problem = Problem._of(values)
                if problem.status in (400, 408) and not sent:
                    raise Refused(problem)
                sent.popleft()
                yield problem
            if sent and not failed:
                raise ConnectionError("the server ended before it had answered all notes")
        except (OSError, http.client.HTTPException):
            if not failed:
                raise
        finally:
            connection.close()
        if failed:
            raise failed[0]

    def rules(self) -> tuple[Rule, ...]:
        """The rules that the server checks."""
        packs = json.loads(self._ask("GET", "/v1/rules", None, {}))["packs"]
        names = [each.name for each in fields(Rule) if each.name not in ("pack", "sources")]
        return tuple(
            Rule(pack=pack["name"], sources=tuple(rule["sources"]), **{name: rule[name] for name in names})
            for pack in packs
            for rule in pack["rules"]
        )

    def _connect(self) -> http.client.HTTPConnection:
        if self._encrypted:
            return http.client.HTTPSConnection(self._host, self._port, timeout=self._timeout, context=self._tls)
        return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout)

    def _ask(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> bytes:
        connection = self._connect()
        try:
            connection.request(method, self._base + path, body, {**self._headers, **headers})
            answer = connection.getresponse()
            if answer.status != 200:
                raise _refused(answer)
            return answer.read()
        finally:
            connection.close()

    @staticmethod
    def _send(
        connection: http.client.HTTPConnection,
        notes: Iterable[Note | str],
        sent: collections.deque[str],
        failed: list[BaseException],
    ) -> None:
        """Sends notes, while another thread reads the audits."""
        try:
            for lines in _chunks(notes, sent):
                try:
                    connection.send(b"%x\r\n%b\r\n" % (len(lines), lines))
                except OSError:  # the thread that reads sees what the server has said
                    return
            with contextlib.suppress(OSError):
                connection.send(b"0\r\n\r\n")
        except BaseException as error:  # of `notes`; told by the thread that reads
            failed.append(error)
            if connection.sock is not None:
                with contextlib.suppress(OSError):
                    connection.sock.shutdown(socket.SHUT_RDWR)


def _chunks(notes: Iterable[Note | str], sent: collections.deque[str]) -> Iterator[bytes]:
    """Lines of notes, some at a time; the text of each is put beside first."""
    waiting = bytearray()
    for each in notes:
        note = Note(each) if isinstance(each, str) else each
        sent.append(note.text)
        waiting += note._json() + b"\n"
        if len(waiting) >= _CHUNK:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)


def _refused(answer: http.client.HTTPResponse) -> Refused:
    body = answer.read()
    retry = answer.getheader("Retry-After")
    if answer.getheader("Content-Type") == "application/problem+json":
        problem = Problem._of(json.loads(body))
    else:
        problem = Problem("about:blank", answer.reason, answer.status)
    return Refused(problem, int(retry) if retry and retry.isdigit() else None)
