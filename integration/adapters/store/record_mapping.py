"""Records to columns and back, for records whose fields stand in the order of their table's columns.

The kinds of value are few and their stored form is the house's: an instant is milliseconds, an enum its value, a
mapping or a tuple JSON text, bytes and numbers themselves. The mapping is read from a record's type hints when it is
first used; a test holds names and order against the tables.
"""

import dataclasses
import types
import typing
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Any, Generic, TypeVar

import msgspec

from integration.adapters.store.rows import Columns, Row
from integration.adapters.store.scalars import from_ms, to_ms

R = TypeVar("R")
Code = Callable[[Any], Any]
_encode = msgspec.json.Encoder(order="sorted").encode
_decode_pairs = msgspec.json.Decoder(tuple[tuple[str, ...], ...]).decode
_decode = msgspec.json.Decoder().decode


def _same(value: Any) -> Any:  # noqa: ANN401 - whatever a driver gives
    return value


def _text_of(value: object) -> str:
    return _encode(value).decode()


def _optional(inner: Code) -> Code:
    return lambda value: None if value is None else inner(value)


def _codes(hint: Any) -> tuple[Code, Code]:  # noqa: ANN401 - a type hint
    """How a value of this type is stored, and how it is read back."""
    if typing.get_origin(hint) in {typing.Union, types.UnionType}:
        (inner,) = [one for one in typing.get_args(hint) if one is not types.NoneType]
        store, load = _codes(inner)
        return _optional(store), _optional(load)
    plain = getattr(hint, "__supertype__", hint)
    if plain is datetime:
        return to_ms, from_ms
    if isinstance(plain, type) and issubclass(plain, StrEnum):
        return lambda value: value.value, plain
    if plain is bytes:
        return _same, bytes
    if typing.get_origin(plain) is tuple:
        return _text_of, _decode_pairs
    if typing.get_origin(plain) in {dict, Mapping}:
        return _text_of, _decode
    return _same, _same


class Mapped(Generic[R]):
    """The mapping of one record class."""

    def __init__(self, made: type[R]) -> None:
        """Of a dataclass."""
        self._made = made

    @cached_property
    def _fields(self) -> tuple[tuple[str, Code, Code], ...]:
        hints = typing.get_type_hints(self._made)
        names = [one.name for one in dataclasses.fields(self._made)]  # type: ignore[arg-type]
        return tuple((name, *_codes(hints[name])) for name in names)

    @property
    def names(self) -> tuple[str, ...]:
        """The columns, in order."""
        return tuple(name for name, _, _ in self._fields)

    def columns(self, record: R) -> Columns:
        """A record as it is stored."""
        return {name: store(getattr(record, name)) for name, store, _ in self._fields}

    def record(self, row: Row) -> R:
        """The record of a row."""
        return self._made(*[load(value) for (_, _, load), value in zip(self._fields, row, strict=True)])
