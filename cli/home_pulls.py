"""What a home fetches from, read from its `channels.toml` when first asked for."""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from integration.settings import Settings

if TYPE_CHECKING:
    from integration.ports.pulls import Pull


class HomePulls(Mapping[str, "Pull"]):
    """The sources of a home by name; ConfigurationError when one is first asked for and one cannot be used."""

    def __init__(self, settings: Settings) -> None:
        """Remember where."""
        self._settings = settings

    @cached_property
    def _pulls(self) -> "Mapping[str, Pull]":
        settings = self._settings
        if not settings.channels_path.is_file():
            return {}
        from integration.adapters.sources.reading import read_pulls

        return read_pulls(settings.channels_path, settings.secrets, is_live=settings.is_live)

    def __getitem__(self, name: str) -> "Pull":
        """One source."""
        return self._pulls[name]

    def __iter__(self) -> Iterator[str]:
        """All names."""
        return iter(self._pulls)

    def __len__(self) -> int:
        """How many."""
        return len(self._pulls)
