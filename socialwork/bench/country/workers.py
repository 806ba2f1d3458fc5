"""Processes that tell the groups and send rows ready for COPY; the command alone talks to the database."""

from __future__ import annotations

import gc
import multiprocessing
import os
import queue
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

# A table is handed on when it has so many rows; smaller pieces cost more statements, larger ones more memory.
PIECE = 4_000
EVERY = 25
# So many pieces are made before the first of them is taken: nobody stands idle while the database takes another's.
AHEAD = 8


@dataclass(frozen=True)
class Task:
    """What one process tells, and with what."""

    seed: int
    today: Any
    groups: list[Any]
    book: dict[str, list[Any]]
    years: dict[int, Any]


@dataclass(frozen=True)
class Piece:
    """Rows of one table or of its part of a year, as COPY reads them, or (without a table) how many matters were told since the last piece."""

    table: str
    count: int
    rows: bytes
    matters: int = 0
    year: int | None = None


class WorkerFailed(Exception):
    """A process ended before its work was done; the message is what it said last."""


def pieces_of(task: Task) -> Iterator[Piece]:
    """Tell the groups of a task in this process."""
    # Imported here: a fresh process sets Django up before it may load any model.
    from socialwork.bench.country.chance import Days
    from socialwork.bench.country.clocks import Clocks
    from socialwork.bench.country.desk import Desk
    from socialwork.bench.country.sheet import MATTERS, Sheet
    from socialwork.bench.country.story import tell

    sheet = Sheet(MATTERS)
    clocks = Clocks(task.book, task.years, Days(task.today))
    for group in task.groups:
        done = 0
        for told in tell(Desk(sheet, clocks, group, task.seed, every_state=group.number == 0)):
            if told % EVERY == 0:
                yield from _taken(sheet, PIECE)
                yield Piece("", 0, b"", told - done)
                done = told
        yield from _taken(sheet, 1)


def _taken(sheet: Any, least: int) -> Iterator[Piece]:
    for model, year, count, rows in sheet.take(least):
        yield Piece(model._meta.db_table, count, rows, year=year)


def told_by(tasks: list[Task], *, apart: bool) -> Iterator[Piece]:
    """The pieces of all tasks as they come; `apart` tells each task in a process of its own. Raises WorkerFailed."""
    if not apart:
        for task in tasks:
            yield from pieces_of(task)
        return
    # A fresh interpreter, not a fork: nothing of the connection to the database is shared.
    context = multiprocessing.get_context("spawn")
    ends: list[Connection] = []
    processes = []
    try:
        for task in tasks:
            here, there = context.Pipe()
            process = context.Process(target=_work, args=(there,), daemon=True)
            process.start()
            there.close()
            # Through the pipe: models cannot be read before the fresh process has set Django up.
            here.send(task)
            ends.append(here)
            processes.append(process)
        yield from _received(ends)
    finally:
        for process in processes:
            process.terminate()
            process.join()


def _received(ends: list[Connection]) -> Iterator[Piece]:
    while ends:
        for end in wait(ends):
            assert isinstance(end, Connection)
            try:
                said = end.recv()
            except EOFError:
                raise WorkerFailed("a process ended without a word") from None
            if said is None:
                ends.remove(end)
                end.close()
            elif isinstance(said, str):
                raise WorkerFailed(said)
            else:
                yield said


def _work(end: Connection) -> None:
    """The whole life of a process."""
    import django

    django.setup()
    # What is made here is strings of bytes without cycles; looking for some again and again would cost a tenth.
    gc.disable()
    outbox: queue.Queue[Any] = queue.Queue(AHEAD)
    postman = threading.Thread(target=_send, args=(end, outbox))
    postman.start()
    try:
        for piece in pieces_of(end.recv()):
            outbox.put(piece)
        outbox.put(None)
    except Exception as error:
        outbox.put(f"{type(error).__name__}: {error}")
        raise
    finally:
        postman.join()


def _send(end: Connection, outbox: queue.Queue[Any]) -> None:
    """Send what is put into the outbox, up to None or a text; ends the process when nobody listens any more."""
    while True:
        said = outbox.get()
        try:
            end.send(said)
        except OSError:
            os._exit(1)
        if said is None or isinstance(said, str):
            return
