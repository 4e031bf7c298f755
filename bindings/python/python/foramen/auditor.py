"""An engine with its settings: built once, then used for any number of notes from any number of threads."""

from __future__ import annotations

import functools
import warnings

from foramen import _native, given
from foramen._native import LexiconError, SettingsError
from foramen.note import Audit

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    import os
    from collections.abc import Iterable, Mapping
    from typing import Any, Protocol

    from foramen.tables import Stream, Tables

    Path = str | os.PathLike[str]

    class ArrowStream(Protocol):
        """A table that speaks Arrow: of pyarrow, polars, pandas, duckdb and others."""

        def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...


class Auditor:
    """Audits notes by one lexicon and one choice of rules. It can be pickled, and so sent to other processes.

    Args:
        lexicons: files of phrases of your own (TOML), laid over the lexicon in their order.
        cpt_labels: labels of CPT codes, for holders of a licence: a file of ``code,label``.
        packs: the packs of rules that run, in place of the default ones (``foramen rules`` lists them).
        select: codes, or beginnings of codes, of the only rules that run, of whichever pack.
        ignore: codes, or beginnings of codes, of rules that do not run.
        correlation_owed_by: types of note that owe a correlation of imaging and symptoms, in place of ``clinic``,
            ``procedure`` and ``operative``.
        implicit_correlation_counts: whether imaging and symptoms that merely stand side by side count as correlated.
        limits: limits other than those of the coverage policies, by their names in docs/settings.md.
        setting: who bills: ``professional``, ``asc`` or ``hopd``.
        payer: who pays: ``medicare`` or ``commercial``.
        contractor: the Medicare contractor whose coverage policies apply, such as ``cgs``.
        service_date: the day of service of notes that come without one.

    Raises:
        LexiconError: a lexicon is not as it must be; the message has file, line and, where it is UTF-8, column.
        SettingsError: there is no such pack or rule.
        TypeError: a keyword is not of its type.
        ValueError: there is no such setting, payer, contractor, limit or day.
        OSError: a file cannot be read.
    """

    __slots__ = ("_given", "_native")

    def __init__(
        self,
        *,
        lexicons: Iterable[Path] = (),
        cpt_labels: Path | None = None,
        packs: Iterable[str] | None = None,
        select: Iterable[str] = (),
        ignore: Iterable[str] = (),
        correlation_owed_by: Iterable[str] | None = None,
        implicit_correlation_counts: bool = False,
        limits: Mapping[str, int] | None = None,
        setting: str | None = None,
        payer: str | None = None,
        contractor: str | None = None,
        service_date: datetime.date | str | None = None,
    ) -> None:
        # Hashable, and without files: what is needed to build the same engine elsewhere.
        self._given: tuple[tuple[str, Any], ...] = (
            ("lexicons", tuple(given.file("lexicons", path, LexiconError) for path in given.listed("lexicons", lexicons))),
            ("cpt_labels", None if cpt_labels is None else given.file("cpt_labels", cpt_labels, SettingsError)),
            ("packs", None if packs is None else given.texts("packs", packs)),
            ("select", given.texts("select", select)),
            ("ignore", given.texts("ignore", ignore)),
            ("correlation_owed_by", None if correlation_owed_by is None else given.texts("correlation_owed_by", correlation_owed_by)),
            ("implicit_correlation_counts", given.flag("implicit_correlation_counts", implicit_correlation_counts)),
            ("limits", tuple((name, given.count(f'limits["{name}"]', most, 0, 2**32 - 1)) for name, most in given.items("limits", limits))),
            ("setting", given.maybe("setting", setting)),
            ("payer", given.maybe("payer", payer)),
            ("contractor", given.maybe("contractor", contractor)),
            ("service_date", given.day("service_date", service_date)),
        )
        self._native = _native.Auditor(**dict(self._given))

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
            note_id: its id, which comes back in the result and names the note in exceptions.
            note_type: what it was written for (``radiology``, ``clinic``, ``procedure``, ``operative``, ``other``); read
                from the text where it is not given.
            service_date: the day of service, a date or ``YYYY-MM-DD``.
            setting: where the service was given, if it differs from the auditor's.
            payer: who pays, if it differs from the auditor's.
            ignore: rules that are set aside for this note, each with the reason; both stay in the result.

        Raises:
            TypeError: the text is no string, or a keyword is not of its type.
            ValueError: a keyword has a value that there is not, the text holds half a surrogate pair, or it is longer
                than 8 MiB.
        """
        given.text("note_id", note_id)
        native = self._native.audit(
            text,
            note_id,
            given.maybe("note_type", note_type, note_id),
            given.day("service_date", service_date, note_id),
            given.maybe("setting", setting, note_id),
            given.maybe("payer", payer, note_id),
            given.pairs("ignore", ignore, note_id),
        )
        return Audit(native, text)

    def audit_table(
        self,
        data: ArrowStream,
        *,
        columns: Mapping[str, str] | None = None,
        earlier: ArrowStream | None = None,
        name: str = "table",
        threads: int | None = None,
        text: bool = True,
    ) -> Tables:
        """Audits the notes of a table on all cores; the interpreter is free meanwhile, and Ctrl-C ends it.

        Args:
            data: a row a note, as anything that has ``__arrow_c_stream__``: a table of pyarrow, polars, pandas or
                duckdb. It is read in place. Texts may be of any Arrow type for strings or bytes.
            columns: names of columns that differ from ``text``, ``id`` (``note_id``), ``note_type``, ``patient_id``,
                ``provider``, ``facility``, ``service_date``, ``setting``, ``payer`` and ``ignore``, by these keys:
                ``{"text": "report", "id": "accession"}``. The tables of OMOP are known by themselves.
            earlier: the notes in which patients' earlier services are looked for, where rules count these, as coverage
                packs do; mostly the same table.
            name: what stands in the columns ``file`` and, for rows without an id, begins the id.
            threads: as many as the machine runs at once where it is not given.
            text: whether words of the notes may stand in the results.

        Returns:
            Tables in the order of the input. What cannot be read (nulls, texts over 8 MiB, days that are none) is a
            row of ``rejects``.

        Raises:
            TypeError: ``data`` speaks no Arrow, its column of notes holds no text, or a keyword is not of its type.
            ValueError: a column is not there, or there are no such ``threads``.
            ForamenError: a batch of the table cannot be read; the message has its number.
        """
        from foramen.tables import Tables

        return Tables(*self._run(data, columns, earlier, name, threads, text).collect())

    def audit_stream(
        self,
        data: ArrowStream,
        *,
        columns: Mapping[str, str] | None = None,
        earlier: ArrowStream | None = None,
        name: str = "table",
        threads: int | None = None,
        text: bool = True,
    ) -> Stream:
        """As :meth:`audit_table`, but some thousand notes at a time, in bounded memory whatever the input's size."""
        from foramen.tables import Stream

        return Stream(self._run(data, columns, earlier, name, threads, text))

    def rules(self) -> dict[str, str]:
        """Titles of the rules that it checks, by their codes."""
        return dict(self._native.rules())

    def _run(
        self,
        data: ArrowStream,
        columns: Mapping[str, str] | None,
        earlier: ArrowStream | None,
        name: str,
        threads: int | None,
        text: bool,
    ) -> _native.Run:
        asked = (
            given.pairs("columns", columns),
            given.text("name", name),
            None if threads is None else given.count("threads", threads, 1, 2**16 - 1),
            given.flag("text", text),
        )
        if earlier is None and self._native.counts_services():
            told = "rules count patients' earlier services, and none are looked for: give a table as `earlier`"
            warnings.warn(told, stacklevel=3)
        return self._native.run(data, earlier, *asked)

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (self._given,)


@functools.lru_cache(maxsize=16)
def _restored(settings: tuple[tuple[str, Any], ...]) -> Auditor:
    """The auditor of another process; built once in this one, however often it comes."""
    auditor = object.__new__(Auditor)
    auditor._given = settings
    auditor._native = _native.Auditor(**dict(settings))
    return auditor


@functools.cache
def default() -> Auditor:
    """The auditor with the default settings, built when it is first needed."""
    return Auditor()


def audit(
    text: str,
    *,
    note_id: str = "",
    note_type: str | None = None,
    service_date: datetime.date | str | None = None,
    setting: str | None = None,
    payer: str | None = None,
    ignore: Mapping[str, str] | None = None,
) -> Audit:
    """Audits one note with the default settings, as :meth:`Auditor.audit` does."""
    return default().audit(
        text,
        note_id=note_id,
        note_type=note_type,
        service_date=service_date,
        setting=setting,
        payer=payer,
        ignore=ignore,
    )


def audit_table(data: ArrowStream, *, columns: Mapping[str, str] | None = None, text: bool = True) -> Tables:
    """Audits the notes of a table with the default settings, as :meth:`Auditor.audit_table` does."""
    return default().audit_table(data, columns=columns, text=text)
