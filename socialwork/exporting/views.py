"""Exports on the screen: asked for from a list, watched while they are made, taken away for a day."""
from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID, uuid5

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from socialwork import audit
from socialwork.access import listing
from socialwork.access.views import ActPage, DetailPage, FormPage, ListPage, Page, now
from socialwork.exporting import kinds, presenters, queries, services
from socialwork.exporting.forms import AskExportForm, RefuseExportForm
from socialwork.exporting.models import Export
from socialwork.organisations.models import Organisation

# htmx stops asking when it is told that there is nothing more to come.
STOP_ASKING = 286


class ExportList(ListPage):
    """What one took out oneself; heads of a house see what leaves it."""

    model = Export
    sorts: ClassVar[dict[str, listing.Sort]] = {"new": listing.Sort("created_at", descending=True)}

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.with_people(rows)

    def page(self, listed: listing.Listed) -> dict[str, Any]:
        return {"title": _("Exports"), "listed": listed, "worklist": presenters.worklist(self.request.user, listed.rows)}


class AskExport(FormPage):
    """Say what a list is needed for, before it leaves the system."""

    model = Organisation
    action = "ask_export"
    form_class = AskExportForm
    title = gettext_lazy("Take out a list")
    submit_label = gettext_lazy("Make the file")

    @staticmethod
    def blank_forms() -> list[Any]:
        """The form without a choice of lists, for the description of the API."""
        return [AskExportForm()]

    def draft_of(self, row: Organisation) -> UUID:
        """The kept text is about one list with its filters: what another list is needed for is another text."""
        given = self.request.GET
        return uuid5(row.pk, f"{given.get('kind', '')}?{given.get('query', '')}")

    @classmethod
    def may_keep(cls, user: Any, about: UUID) -> bool:
        return bool(kinds.kinds_for(user))

    def make_form(self, row: Organisation, data: Any = None, files: Any = None) -> AskExportForm:
        given = self.request.GET
        offered = [(kind.code, kind.label) for kind in kinds.kinds_for(self.request.user)]
        query = kinds.filters_of(given.get("query", "")).urlencode()
        return AskExportForm(data=data, kinds=offered, initial={"kind": given.get("kind", ""), "query": query})

    def carry_out(self, row: Organisation, form: AskExportForm) -> Export:
        return services.ask_export(organisation=row, by=self.request.user, at=now(), **form.cleaned_data)

    def location(self, row: Organisation, result: Export) -> str:
        return result.get_absolute_url()

    def page(self, row: Organisation, form: AskExportForm) -> dict[str, Any]:
        query, code = form["query"].value() or "", form["kind"].value()
        chosen = next((kind for kind in kinds.kinds_for(self.request.user) if kind.code == code), None)
        if chosen is None:
            listed = reverse("exports:list")
            return {"crumbs": [{"label": _("Exports"), "url": listed}, {"label": self.title}], "cancel_url": listed}
        listed = f"{reverse(chosen.list_url)}?{query}"
        return {
            "crumbs": [{"label": chosen.label, "url": listed}, {"label": self.title}], "cancel_url": listed,
            "subtitle": presenters.what_is_taken(self.request.user, chosen, query),
        }


class ExportPage(DetailPage):
    """How far it is, or the file. Asks itself again every two seconds while the file is being made."""

    model = Export
    template_name = "exports/detail.html"

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.with_people(rows)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not request.htmx:
            return super().get(request, **kwargs)
        row = self.load()
        status = presenters.status(row, at=now())
        context = {"row": row, "status": status}
        return render(request, "exports/_status.html", context, status=200 if status["running"] else STOP_ASKING)

    def page(self, row: Export) -> dict[str, Any]:
        return {
            "status": presenters.status(row, at=now()), "facts": presenters.facts(row),
            "title": _("Export: %(list)s") % {"list": kinds.kind_of(row.kind).label},
            "crumbs": [{"label": _("Exports"), "url": reverse("exports:list")}, {"label": kinds.kind_of(row.kind).label}],
            **presenters.actions(row, at=now()),
        }


class _OnExport:
    model = Export

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.with_people(rows)


class ApproveExport(_OnExport, ActPage):
    """A second person of the house lets a long list leave it."""

    action = "approve_export"
    done_message = gettext_lazy("Approved. The file is being made for the person who asked.")

    def carry_out(self, row: Export) -> Export:
        return services.approve_export(export=row, by=self.request.user, at=now())


class RefuseExport(_OnExport, FormPage):
    """A second person of the house refuses, with the reason."""

    action = "refuse_export"
    form_class = RefuseExportForm
    title = gettext_lazy("Refuse the export")
    submit_label = gettext_lazy("Refuse")
    done_message = gettext_lazy("Refused. The person who asked is told.")

    def carry_out(self, row: Export, form: RefuseExportForm) -> Export:
        return services.refuse_export(export=row, by=self.request.user, at=now(), reason=form.cleaned_data["reason"])

    def page(self, row: Export, form: RefuseExportForm) -> dict[str, Any]:
        return {
            "crumbs": [{"label": _("Exports"), "url": reverse("exports:list")}, {"label": self.title}],
            "subtitle": f"{kinds.kind_of(row.kind).label} · {row.asked_by.name}", "cancel_url": row.get_absolute_url(),
        }


class DestroyExport(_OnExport, ActPage):
    """The file is destroyed before its day is over."""

    action = "destroy_export"
    done_message = gettext_lazy("The file is destroyed.")

    def carry_out(self, row: Export) -> Export:
        return services.destroy_export(export=row, by=self.request.user, at=now())


class DownloadExport(_OnExport, Page):
    """The file, for the person who asked for it."""

    model = Export
    action = "download_export"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = self.load()
        content = services.download_export(export=row, by=request.user, at=now())
        audit.read(row, by=request.user, route=self.route, action="downloaded", detail=row.kind)
        response = HttpResponse(content, content_type=row.file.content_type)
        response["Content-Disposition"] = content_disposition_header(True, row.file.name)
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Length"] = str(len(content))
        return response
