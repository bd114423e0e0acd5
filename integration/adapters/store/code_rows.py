"""Codes that prove an address, as they are stored; the statements are in `code_sql.py`."""

from datetime import datetime

from domain.address_code import AddressCode
from domain.guest import ChannelIdentity
from integration.adapters.store.access import Access
from integration.adapters.store.record_mapping import Mapped
from integration.adapters.store.scalars import to_ms

CODE = Mapped(AddressCode)


class CodeReading(Access):
    """What can be read of them."""

    __slots__ = ()

    def codes_of(self, identity: ChannelIdentity, since: datetime) -> list[AddressCode]:
        own = {"kind": identity.kind.value, "scope": identity.scope, "value": identity.value}
        return [CODE.record(row) for row in self._all("codes_of", {**own, "since": to_ms(since)})]


class CodeWriting(Access):
    """What can be changed of them."""

    __slots__ = ()

    def put_code(self, code: AddressCode) -> None:
        self._change("put_code", CODE.columns(code))

    def drop_codes(self, before: datetime) -> None:
        self._change("drop_codes", {"before": to_ms(before)})
