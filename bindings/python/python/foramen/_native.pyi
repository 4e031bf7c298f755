__version__: str

class ForamenError(Exception): ...
class LexiconError(ForamenError): ...
class SettingsError(ForamenError): ...

class NoteAudit:
    def json(self, text: bool) -> str: ...

class Auditor:
    def __new__(
        cls,
        *,
        lexicons: list[tuple[str, str]],
        cpt_labels: tuple[str, str] | None,
        packs: list[str] | None,
        select: list[str],
        ignore: list[str],
        setting: str | None,
        payer: str | None,
        contractor: str | None,
        service_date: str | None,
    ) -> Auditor: ...
    def audit(
        self,
        text: str,
        *,
        note_id: str,
        note_type: str | None,
        service_date: str | None,
        setting: str | None,
        payer: str | None,
        ignore: list[tuple[str, str]],
    ) -> NoteAudit: ...
    def rules(self) -> list[tuple[str, str]]: ...
