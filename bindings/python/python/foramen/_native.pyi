from typing import Any, Self

__version__: str

class ForamenError(Exception):
    """Whatever goes wrong in Foramen."""

class LexiconError(ForamenError):
    """A lexicon of your own is not as it must be: file, line, column."""

class SettingsError(ForamenError):
    """A setting names what there is not."""

class Table:
    """Rows of one kind, for any tool that takes the Arrow C stream interface."""

    @property
    def num_rows(self) -> int: ...
    @property
    def column_names(self) -> list[str]: ...
    def __len__(self) -> int: ...
    def __arrow_c_schema__(self) -> object: ...
    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object: ...

class NoteAudit:
    def json(self, text: bool) -> str: ...

class Run:
    def __iter__(self) -> Self: ...
    def __next__(self) -> list[Table]: ...
    def collect(self) -> list[Table]: ...
    def close(self) -> None: ...

class Auditor:
    def __new__(cls, **given: Any) -> Auditor: ...
    def audit(
        self,
        text: str,
        note_id: str,
        note_type: str | None,
        service_date: str | None,
        setting: str | None,
        payer: str | None,
        ignore: tuple[tuple[str, str], ...],
    ) -> NoteAudit: ...
    def run(
        self,
        data: object,
        earlier: object | None,
        columns: tuple[tuple[str, str], ...],
        name: str,
        threads: int | None,
        text: bool,
    ) -> Run: ...
    def counts_services(self) -> bool: ...
    def rules(self) -> list[tuple[str, str]]: ...
