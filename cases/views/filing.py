"""Filing papers on a case, and saving them from it."""
from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import presenters, presenters_filing, queries
from cases.forms.filing import UploadDocumentForm
from cases.models import Case
from cases.queries_filing import filed_document
from cases.services.filing import upload_document
from socialwork import audit
from socialwork.access.views import FormPage, Page, now
from socialwork.core.errors import NotVisible
from socialwork.files.answers import as_attachment
from socialwork.files.services import open_file
from socialwork.people.dossiers import open_dossier


class UploadDocument(FormPage):
    """A signed copy of an issued document, or evidence on paper, is filed on the case."""

    model = Case
    action = "upload_document"
    form_class = UploadDocumentForm
    title = _("File a paper")
    submit_label = _("File it")
    done_message = _("The paper is filed.")

    def shape(self, rows: QuerySet) -> QuerySet:
        return queries.for_page(rows)

    def make_form(self, row: Case, data: Any = None, files: Any = None) -> Any:
        self.issued = queries.documents_of(self.request.user, row)
        return UploadDocumentForm(data=data, files=files, issued=presenters_filing.issued_choices(self.issued))

    def carry_out(self, row: Case, form: Any) -> Any:
        data = dict(form.cleaned_data)
        original = presenters_filing.chosen(self.issued, data.pop("signed_copy_of"))
        return upload_document(case=row, by=self.request.user, at=now(), signed_copy_of=original, **data)

    def location(self, row: Case, result: Any) -> str:
        return reverse("cases:documents", args=[row.pk])

    def page(self, row: Case, form: Any) -> dict[str, Any]:
        back = self.location(row, None)
        *above, last = presenters.case_crumbs(self.request.user, row)
        case = {**last, "url": row.get_absolute_url()}
        crumbs = [*above, case, {"label": _("Documents"), "url": back}, {"label": self.title}]
        return {"crumbs": crumbs, "subtitle": row.number, "cancel_url": back}


class FiledDocument(Page):
    """One filed paper, to be saved."""

    model = Case

    def get(self, request: HttpRequest, document: UUID, **kwargs: Any) -> HttpResponse:
        row = self.load()
        found = filed_document(request.user, row, document)
        if found is None:
            raise NotVisible()
        content = open_file(found.file, dossier=open_dossier(row.juvenile_id))
        audit.read(row, by=request.user, route=self.route, action="downloaded", detail=found.kind)
        return as_attachment(found.file, content)
