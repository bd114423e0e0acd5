"""Channels: what they are for, their targets and handoffs, and the pictures of it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from integration.http.case_bodies import ChannelBody
from integration.http.case_queries import DrawingQuery
from integration.http.describe import KeyUse, operation
from integration.http.queries import HotelQuery
from integration.http.shapes.channels import ChannelDrawing, ChannelFile, ChannelTable
from integration.http.visit import enter, reply
from integration.usecases.channel_roles import draw_channels, list_channels, set_channel, show_channel

router = APIRouter()
PLACE = "/v1/channels"


@router.get(PLACE, **operation("listChannels", "The scenario-channel table", ChannelTable))
async def listed(request: Request, query: Annotated[HotelQuery, Query()]) -> Response:
    """Each channel's role and targets, then where it hands over and when."""
    visit = await enter(request)
    return reply(await list_channels(visit.desk, visit.actor, query.hotel))


@router.get("/v1/channel-diagram", **operation("drawChannels", "The channels drawn", ChannelDrawing))
async def drawn(request: Request, query: Annotated[DrawingQuery, Query()]) -> Response:
    """Table, flow and life, made from the rules that decide."""
    visit = await enter(request)
    return reply(await draw_channels(visit.desk, visit.actor, query.hotel, query.lang))


@router.get(f"{PLACE}/{{channel}}", **operation("showChannel", "Show a channel", ChannelFile))
async def show(request: Request, channel: str, query: Annotated[HotelQuery, Query()]) -> Response:
    """What counts now, and every version of what was set."""
    visit = await enter(request)
    return reply(await show_channel(visit.desk, visit.actor, query.hotel, channel))


@router.patch(
    f"{PLACE}/{{channel}}",
    **operation("setChannel", "Set a channel", ChannelFile, body=ChannelBody, key=KeyUse.OPTIONAL),
)
async def put(request: Request, channel: str, query: Annotated[HotelQuery, Query()]) -> Response:
    """Role, targets, turns, hours, languages, notice: a new version from an instant on; for administrators."""
    visit = await enter(request)
    body = await visit.body(ChannelBody)
    return await visit.write(set_channel(visit.desk, visit.actor, query.hotel, channel, body.wish(), visit.key()))
