"""What callers give, held to its type. An exception says which keyword is wrong and, of one note, which note that is.

>>> from foramen import given
>>> given.text("payer", 5, "q7")
Traceback (most recent call last):
TypeError: the note "q7": payer: must be a str, and is of type int
"""

from __future__ import annotations

import operator
import os

from foramen._native import LexiconError, SettingsError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def text(keyword: str, value: Any, note_id: str = "") -> str:
    """A string that stands for characters."""
    if not isinstance(value, str):
        raise TypeError(_must(keyword, "be a str", value, note_id))
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:
            told = "holds half a surrogate pair, which stands for no character"
            raise ValueError(f"{_of(note_id)}{keyword}: {told}") from None
    return value


def maybe(keyword: str, value: Any, note_id: str = "") -> str | None:
    """A string, where one is given."""
    return None if value is None else text(keyword, value, note_id)


def day(keyword: str, value: Any, note_id: str = "") -> str | None:
    """A day as ``YYYY-MM-DD``, of a date or of such a string."""
    if value is None or isinstance(value, str):
        return maybe(keyword, value, note_id)
    try:
        return f"{value.year:04}-{value.month:02}-{value.day:02}"
    except (AttributeError, TypeError, ValueError):
        raise TypeError(_must(keyword, "be a datetime.date or a str as YYYY-MM-DD", value, note_id)) from None


def flag(keyword: str, value: Any) -> bool:
    """``True`` or ``False``."""
    if not isinstance(value, bool):
        raise TypeError(_must(keyword, "be a bool", value))
    return value


def count(keyword: str, value: Any, least: int, most: int) -> int:
    """A whole number from ``least`` to ``most``."""
    try:
        number = operator.index(value)
    except TypeError:
        raise TypeError(_must(keyword, "be an int", value)) from None
    if number < least:
        raise ValueError(f"{keyword}: at least {least}")
    if number > most:
        raise ValueError(f"{keyword}: at most {most}")
    return number


def listed(keyword: str, value: Any) -> tuple[Any, ...]:
    """The items of a list. A string is a list of its letters in Python, which nobody means."""
    if not isinstance(value, (str, bytes, os.PathLike)):
        try:
            return tuple(value)
        except TypeError:
            pass
    raise TypeError(f"{keyword}: a list is needed, and not {type(value).__name__}")


def texts(keyword: str, value: Any) -> tuple[str, ...]:
    """A list of strings."""
    return tuple(text(f"{keyword}[{at}]", each) for at, each in enumerate(listed(keyword, value)))


def items(keyword: str, value: Any, note_id: str = "") -> tuple[tuple[str, Any], ...]:
    """What a mapping from strings holds; nothing where none is given."""
    if value is None:
        return ()
    try:
        found = tuple(value.items())
    except (AttributeError, TypeError):
        raise TypeError(_must(keyword, "be a mapping", value, note_id)) from None
    return tuple((text(f"a key of {keyword}", key, note_id), each) for key, each in found)


def pairs(keyword: str, value: Any, note_id: str = "") -> tuple[tuple[str, str], ...]:
    """A mapping from strings to strings."""
    return tuple((key, text(f'{keyword}["{key}"]', each, note_id)) for key, each in items(keyword, value, note_id))


def file(keyword: str, path: Any, wrong: type[LexiconError] | type[SettingsError]) -> tuple[str, str]:
    """The name of a file and what it says. A number is no path, though ``open`` would take it for an open file's."""
    if not isinstance(path, (str, bytes, os.PathLike)):
        raise TypeError(_must(keyword, "be a path", path))
    name = os.fsdecode(path)
    with open(name, "rb") as opened:
        found = opened.read()
    try:
        return name, found.decode()
    except UnicodeDecodeError as error:
        line = found.count(b"\n", 0, error.start) + 1
        raise wrong(f"{name}:{line}: is no UTF-8: save it as such") from None


def _must(keyword: str, what: str, value: Any, note_id: str = "") -> str:
    return f"{_of(note_id)}{keyword}: must {what}, and is of type {type(value).__name__}"


def _of(note_id: str) -> str:
    return f'the note "{note_id}": ' if note_id else ""
