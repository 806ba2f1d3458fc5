"""The page of one referral, its preview, and its letters."""
from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header

from referrals import queries, registry
from referrals.models import Referral
from referrals.presenters import brief, pages, rows
from referrals.states import ReferralState
from socialwork import audit
from socialwork.access import api
from socialwork.access.roles import Family
from socialwork.access.views import DetailPage, Page, now
from socialwork.core.errors import NotVisible
from socialwork.deadlines.queries import paused_for
from socialwork.deadlines.services import next_open
from socialwork.files.services import open_file
from socialwork.people.dossiers import open_dossier
from socialwork.people.queries import open_identity


class ReferralPage(DetailPage):
    """The organ sees everything; the agency what was chosen for it, and what both said."""

    model = Referral
    template_name = "referrals/detail.html"

    def shape(self, found: Any) -> Any:
        return queries.for_page(found)

    def load(self) -> Any:
        row = super().load()
        if self.request.user.organisation.family == Family.AGENCY:
            self.template_name = "referrals/received.html"
        return row

    def page(self, row: Referral) -> dict[str, Any]:
        user, at = self.request.user, now()
        agency = user.organisation.family == Family.AGENCY
        self.is_told = not agency or queries.is_still_told(row)
        if self.is_told:
            open_identity(row.juvenile)
        primary, quiet = pages.actions(row)
        deadline = next_open(row._meta.label_lower, row.pk) or paused_for([row.pk]).get(row.pk)
        act = pages.next_act(row, primary=primary, deadline=deadline, who=self.who(row), at=at)
        others, hidden = ([], False) if agency else queries.other_referrals(user, row)
        return {
            **pages.heading(user, row), "state": rows.state_of(row), "act": act, "primary": primary, "quiet": quiet,
            "list_url": "referrals:inbox" if agency else "referrals:list", "ending": pages.ending(row),
            "case": registry.case_link(user, row), "sides": pages.side_facts(row),
            "documents": pages.documents(queries.documents_for(user, row)),
            "remarks": pages.remark_rows(queries.remarks_for(user, row), agency=agency),
            "timeline": pages.timeline(self.history(row), organisation_id=user.organisation_id),
            "others": pages.earlier(others), "hidden": hidden, "why": api.why(user, row),
            **(self.told(row) if agency else self.whole(row)),
        }

    def who(self, row: Referral) -> list[str]:
        """Who acts next, named."""
        if row.state == ReferralState.PENDING_APPROVAL:
            return [person.name for person in queries.approvers(row, by=row.submitted_by)]
        if row.state == ReferralState.ISSUED and row.agency:
            return [row.agency.short_name]
        if row.state == ReferralState.DECLINED and self.request.user.organisation.family == Family.AGENCY:
            return []
        return [row.prosecutor.name]

    def history(self, row: Referral) -> list[Any]:
        return queries.history_for(self.request.user, row) if "read_history" in row.allowed_actions else []

    def told(self, row: Referral) -> dict[str, Any]:
        """The agency's view: empty of content once the matter is no longer its business."""
        if not self.is_told:
            return {"brief": None}
        user = self.request.user
        return {"brief": agency_view(row, queries.paragraphs_for(user, row), queries.package_for(user, row))}

    def whole(self, row: Referral) -> dict[str, Any]:
        """The organ's view: what the agency sees, and beside it what stays inside."""
        paragraphs = queries.paragraphs_for(self.request.user, row)
        kept = brief.paragraph_rows((p.kind, p.text["body"]) for p in paragraphs if not p.shared)
        package = queries.package_for(self.request.user, row)
        return {
            "brief": agency_view(row, [p for p in paragraphs if p.shared], package), "kept": kept,
            "inside": pages.inside_facts(row, leads_back=bool(row.previous and api.can(self.request.user, "view", row.previous))),
        }


class PreviewReferral(DetailPage):
    """The page exactly as the agency will have it."""

    model = Referral
    action = "preview_referral"
    template_name = "referrals/preview.html"

    def shape(self, found: Any) -> Any:
        return queries.for_page(found)

    def page(self, row: Referral) -> dict[str, Any]:
        open_identity(row.juvenile)
        return {
            **pages.heading(self.request.user, row), "agency": row.agency.short_name if row.agency else "",
            "brief": agency_view(row, queries.shared_paragraphs(row), queries.package_for(self.request.user, row)),
        }


class DownloadLetter(Page):
    """A letter as it was issued; the right is that on its referral, and on the letter."""

    model = Referral
    action = "download_letter"

    def get(self, request: HttpRequest, kind: str = "F02", **kwargs: Any) -> HttpResponse:
        row = self.load()
        api.require(request.user, self.action, row)
        document = queries.documents_for(request.user, row).filter(kind=kind).first()
        if document is None:
            raise NotVisible()
        audit.read(row, by=request.user, route=self.route, action="downloaded", detail=kind)
        content = open_file(document.file, dossier=open_dossier(row.juvenile_id))
        response = HttpResponse(content, content_type=document.file.content_type)
        response["Content-Disposition"] = content_disposition_header(True, document.file.name)
        response["X-Content-Type-Options"] = "nosniff"
        response["Content-Length"] = str(len(content))
        return response


def agency_view(row: Referral, paragraphs: Any, package: Any) -> dict[str, Any]:
    """What the agency learns: the same for preview, the organ's page and the agency's own."""
    return brief.brief(
        row, services=brief.services_of(row), paragraphs=[(p.kind, p.text["body"]) for p in paragraphs],
        guardians=queries.named_guardians(row), package=package,
    )

