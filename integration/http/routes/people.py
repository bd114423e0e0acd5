"""Who a guest is: which files are one person, said and taken back; an address that a code has proven."""

from fastapi import APIRouter, Request, Response

from integration.http.describe import KeyUse, operation
from integration.http.identity_bodies import AddressBody, CodeBody, MergeBody, UnmergeBody
from integration.http.shapes.identity import AddressProven, CodeSent, Merge, Person
from integration.http.visit import enter, reply
from integration.usecases.check_code import check_code
from integration.usecases.merge_guests import show_person
from integration.usecases.merge_once import merge_guests_once, unmerge_guest_once
from integration.usecases.person_views import person_body
from integration.usecases.send_code import send_code

router = APIRouter()
_ONE = "/v1/guests/{guest_id}"


@router.get(f"{_ONE}/person", **operation("showPerson", "Show who a guest is", Person))
async def person(request: Request, guest_id: str) -> Response:
    """Every file of the person, how each is known and who vouches for it, merges and suggestions."""
    visit = await enter(request)
    return reply(person_body(await show_person(visit.desk, visit.actor, guest_id), visit.actor))


@router.post(
    f"{_ONE}/merge", **operation("mergeGuests", "Merge two guests", Merge, body=MergeBody, key=KeyUse.OPTIONAL)
)
async def merge(request: Request, guest_id: str) -> Response:
    """Say that two guests are one person, for supervisors; it can be undone at any time."""
    visit = await enter(request)
    body = await visit.body(MergeBody)
    return await visit.write(merge_guests_once(visit.desk, visit.actor, guest_id, body.other, body.reason, visit.key()))


@router.post(
    f"{_ONE}/unmerge", **operation("unmergeGuest", "Part a guest", Merge, body=UnmergeBody, key=KeyUse.OPTIONAL)
)
async def unmerge(request: Request, guest_id: str) -> Response:
    """Take a guest out of the person he was merged into, for supervisors; messages go back to whom they are from."""
    visit = await enter(request)
    body = await visit.body(UnmergeBody)
    return await visit.write(unmerge_guest_once(visit.desk, visit.actor, guest_id, body.reason, visit.key()))


@router.post(f"{_ONE}/codes", **operation("sendCode", "Send a code", CodeSent, body=AddressBody, key=KeyUse.OPTIONAL))
async def send(request: Request, guest_id: str) -> Response:
    """Send six digits to a number or address, for the guest to read back within ten minutes."""
    visit = await enter(request)
    body = await visit.body(AddressBody)
    return await visit.write(send_code(visit.desk, visit.actor, guest_id, body.wish(), visit.key()))


@router.post(
    f"{_ONE}/codes/check",
    **operation("checkCode", "Check a code", AddressProven, body=CodeBody, key=KeyUse.OPTIONAL),
)
async def check(request: Request, guest_id: str) -> Response:
    """What the guest read back; the right code proves that the number or address is the guest's."""
    visit = await enter(request)
    body = await visit.body(CodeBody)
    return await visit.write(check_code(visit.desk, visit.actor, guest_id, body.wish(), body.code, visit.key()))
