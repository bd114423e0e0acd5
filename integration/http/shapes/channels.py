"""Shapes of channels: what they are for, and the pictures."""

from integration.http.shapes.kinds import Instant, Shape


class ChannelRow(Shape):
    """A line of the scenario-channel table; targets in seconds of open time, null where a trigger moves the guest."""

    channel: str
    role: str
    scenario: str
    when: list[str]
    to: list[str]
    first_response_s: float | None
    resolution_s: float | None


class ChannelTable(Shape):
    """The scenario-channel table of a hotel."""

    hotel_id: str
    rows: list[ChannelRow]


class ChannelVersion(Shape):
    """What was set from an instant on; null = as the hotel file says."""

    version: int
    effective_from: Instant
    set_by: str
    set_at: Instant
    role: str | None
    first_response_s: float | None
    next_response_s: float | None
    resolution_s: float | None
    turns: int | None
    hours: list[str] | None
    languages: list[str] | None
    notice_url: str | None
    notice_version: str | None


class ChannelFile(Shape):
    """One channel as it counts now, and every version of what was set, newest first. `hours`: as they were set, null
    for the hotel file's; `languages`: those machines write in there."""

    hotel_id: str
    channel: str
    role: str
    first_response_s: float
    next_response_s: float
    resolution_s: float
    hours: list[str] | None
    open_now: bool
    languages: list[str]
    notice_url: str | None
    notice_version: str | None
    handoffs: list[ChannelRow]
    versions: list[ChannelVersion]


class ChannelDrawing(Shape):
    """The table in words, the handoff flow as Mermaid and SVG, a handoff's life as Mermaid."""

    hotel_id: str
    language: str
    headings: list[str]
    table: list[list[str]]
    flow: str
    life: str
    svg: str
