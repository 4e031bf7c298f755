"""An engine with its settings: built once, then used for any number of notes from any number of threads."""

from __future__ import annotations

import datetime
import functools
import os
import pathlib
from collections.abc import Iterable, Mapping

from foramen import _native
from foramen.results import Audit

Path = str | os.PathLike[str]


class Auditor:
    """Audits notes by one lexicon and one choice of rules.

    Args:
        lexicons: files of phrases of your own (TOML), laid over the lexicon in their order.
        cpt_labels: labels of CPT codes, for holders of a licence: a file of ``code,label``.
        packs: the packs of rules that run, in place of the default ones (``foramen rules`` lists them).
        select: codes, or beginnings of codes, of the only rules that run, of whichever pack.
        ignore: codes, or beginnings of codes, of rules that do not run.
        setting: who bills: ``professional``, ``asc`` or ``hopd``.
        payer: who pays: ``medicare`` or ``commercial``.
        contractor: the Medicare contractor whose coverage policies apply, such as ``cgs``.
        service_date: the day of service of notes that come without one.

    Raises:
        LexiconError: a lexicon is not as it must be; the message has file, line and column.
        SettingsError: there is no such pack or rule.
        ValueError: there is no such setting, payer, contractor or day.
        OSError: a file cannot be read.
    """

    __slots__ = ("_native",)

    def __init__(
        self,
        *,
        lexicons: Iterable[Path] = (),
        cpt_labels: Path | None = None,
        packs: Iterable[str] | None = None,
        select: Iterable[str] = (),
        ignore: Iterable[str] = (),
        setting: str | None = None,
        payer: str | None = None,
        contractor: str | None = None,
        service_date: datetime.date | str | None = None,
    ) -> None:
        self._native = _native.Auditor(
            lexicons=[_read(path) for path in lexicons],
            cpt_labels=None if cpt_labels is None else _read(cpt_labels),
            packs=None if packs is None else list(packs),
            select=list(select),
            ignore=list(ignore),
            setting=setting,
            payer=payer,
            contractor=contractor,
            service_date=_day(service_date),
        )

    def audit(
        self,
        text: str,
        *,
        note_id: str = "",
        note_type: str | None = None,
        service_date: datetime.date | str | None = None,
        setting: str | None = None,
        payer: str | None = None,
        ignore: Mapping[str, str] | None = None,
    ) -> Audit:
        """Audits one note; other threads run meanwhile.

        Args:
            text: the note.
            note_id: its id, which comes back in the result.
            note_type: what it was written for (``radiology``, ``clinic``, ``procedure``, ``operative``, ``other``); read
                from the text where it is not given.
            service_date: the day of service, a date or ``YYYY-MM-DD``.
            setting: where the service was given, if it differs from the auditor's.
            payer: who pays, if it differs from the auditor's.
            ignore: rules that are set aside for this note, each with the reason; both stay in the result.

        Raises:
            TypeError: the text is no string.
            ValueError: a keyword has a value that there is not, or the text holds half a surrogate pair.
        """
        native = self._native.audit(
            text,
            note_id=note_id,
            note_type=note_type,
            service_date=_day(service_date),
            setting=setting,
            payer=payer,
            ignore=list((ignore or {}).items()),
        )
        return Audit(native, text)

    def rules(self) -> dict[str, str]:
        """Titles of the rules that it checks, by their codes."""
        return dict(self._native.rules())


@functools.cache
def _default() -> Auditor:
    return Auditor()


def audit(text: str, **known: object) -> Audit:
    """Audits one note with the default settings; keywords as for :meth:`Auditor.audit`."""
    return _default().audit(text, **known)  # type: ignore[arg-type]


def _read(path: Path) -> tuple[str, str]:
    return os.fspath(path), pathlib.Path(path).read_text(encoding="utf-8")


def _day(day: datetime.date | str | None) -> str | None:
    return day.strftime("%Y-%m-%d") if isinstance(day, datetime.date) else day
