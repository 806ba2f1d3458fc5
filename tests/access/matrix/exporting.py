"""Exports: asked for by those who work with a list, decided by heads of the house, the file its maker's alone."""
from __future__ import annotations

from django.utils import timezone

from socialwork.exporting import services
from socialwork.exporting.models import Export
from tests import cast
from tests.access.matrix import EVERYBODY, Row
from tests.access.matrix.organisations import SEES_AGENCY

TAKES = {"intake", "manager", "worker", "second", "unassigned", "former_worker", "supervisor"}
ASKED = {"kind": "cases", "query": "", "purpose": "statistics", "remark": ""}


def queued(world: cast.World) -> Export:
    """A worker of the agency asked for the list of one case."""
    cast.opened(world)
    return services.ask_export(organisation=world.east_agency, by=world.worker, at=timezone.now(), **ASKED)


def waiting(world: cast.World) -> Export:
    export = queued(world)
    Export.objects.filter(pk=export.pk).update(**{"state": "waiting"})
    export.refresh_from_db()
    return export


def ready(world: cast.World) -> Export:
    return services.make_export(export=queued(world), at=timezone.now())


OBJECTS = {"queued_export": queued, "waiting_export": waiting, "ready_export": ready}
MINE = {"ok": {"worker"}, "forbidden": {"manager"}}
DECIDES = {"of": "waiting_export", "ok": {"manager"}, "forbidden": {"worker"}}


ROWS = [
    Row("exports:list", ok=EVERYBODY, args=lambda row: []),
    Row("exports:ask_export", of="east_agency", ok=TAKES, forbidden=SEES_AGENCY - TAKES),
    # Those who see no case at all are told that there is nothing to take out.
    Row(
        "exports:ask_export", "POST", of="east_agency", ok=TAKES, forbidden=SEES_AGENCY - TAKES, body=ASKED,
        done=(302, 400),
    ),
    Row("exports:detail", of="ready_export", ok={"worker", "manager"}),
    Row("exports:download_export", of="ready_export", **MINE),
    Row("exports:destroy_export", "POST", of="ready_export", **MINE),
    Row("exports:approve_export", "POST", **DECIDES),
    Row("exports:refuse_export", **DECIDES),
    Row("exports:refuse_export", "POST", body={"reason": "用途不清"}, **DECIDES),
]
