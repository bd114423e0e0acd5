"""One task of the board: looked at, done, decided. The board itself is `GET /v1/tasks`."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from domain.contact import Channel
from integration.http.describe import KeyUse, operation
from integration.http.fields import Prose, body_config
from integration.http.shapes.messages import Sending
from integration.http.shapes.office import TaskFile
from integration.http.visit import enter, reply
from integration.usecases.decide_task import MOST_NOTE, decide_task, finish_task, show_task
from integration.usecases.send_correction import send_correction

router = APIRouter()
_ONE = "/v1/tasks/{task_id}"
TaskNote = Annotated[Prose, Field(max_length=MOST_NOTE)]


class TaskDoneBody(BaseModel):
    """How it was done, in a few words."""

    model_config = body_config(note="Refunded by bank transfer.")

    note: TaskNote | None = None


class TaskDecisionBody(BaseModel):
    """Whether the deposit happened."""

    model_config = body_config(happened=True, note="Receipt 1234")

    happened: bool
    note: TaskNote | None = None


@router.get(_ONE, **operation("showTask", "Show a task", TaskFile))
async def show(request: Request, task_id: str) -> Response:
    """The task, and the commands that end it."""
    visit = await enter(request)
    return reply(await show_task(visit.desk, visit.actor, task_id))


@router.post(
    f"{_ONE}/done", **operation("finishTask", "A task is done", TaskFile, body=TaskDoneBody, key=KeyUse.OPTIONAL)
)
async def done(request: Request, task_id: str) -> Response:
    """A person has done it; a deposit of unknown outcome is decided instead."""
    visit = await enter(request)
    body = await visit.body(TaskDoneBody)
    return await visit.write(finish_task(visit.desk, visit.actor, task_id, visit.key(), body.note))


@router.post(
    f"{_ONE}/decision",
    **operation("decideTask", "Decide on a deposit", TaskFile, body=TaskDecisionBody, key=KeyUse.OPTIONAL),
)
async def decide(request: Request, task_id: str) -> Response:
    """Whether a deposit of unknown outcome happened; for supervisors. What the PMS shows wins over what is said."""
    visit = await enter(request)
    body = await visit.body(TaskDecisionBody)
    work = decide_task(visit.desk, visit.actor, task_id, visit.key(), happened=body.happened, note=body.note)
    return await visit.write(work)


class TaskSendBody(BaseModel):
    """By which channel; without `via` by the first on which an address is verified."""

    model_config = body_config(via="whatsapp")

    via: Channel | None = None


@router.post(
    f"{_ONE}/send", **operation("sendCorrection", "Send a correction", Sending, body=TaskSendBody, key=KeyUse.OPTIONAL)
)
async def send(request: Request, task_id: str) -> Response:
    """Send what a rollback left to be told, in the guest's language; for supervisors. It ends the task."""
    visit = await enter(request)
    body = await visit.body(TaskSendBody)
    return await visit.write(send_correction(visit.desk, visit.actor, task_id, visit.key(), body.via))
