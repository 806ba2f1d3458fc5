"""Finding a child, registering one, and correcting what is known."""
from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from socialwork import audit
from socialwork.access import api
from socialwork.access.roles import Role
from socialwork.access.views import DetailPage, FormPage, KeepsVersion, Page, now
from socialwork.core.drafts import discard_draft
from socialwork.core.errors import Blocked, NotVisible
from socialwork.files.answers import as_attachment
from socialwork.files.services import open_file
from socialwork.organisations.models import Organisation
from socialwork.people import forms, presenters, queries, registry, services
from socialwork.people.dossiers import open_dossier
from socialwork.people.models import Consent, Guardian, Juvenile
from socialwork.people.policies import knows_names


class OwnOrganisation:
    """Pages whose act is one on the person's own organisation: there is no identifier in the address."""

    model = Organisation

    def load(self) -> Any:
        self.row = self.request.user.organisation
        return self.row


class GoesBack:
    """Forms reached from another page: `next` leads back there, if it is one of ours."""

    def back(self) -> str:
        asked = self.request.GET.get("next", "")
        ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure())
        return asked if ours and asked.startswith("/") else ""


class Find(OwnOrganisation, Page):
    """One box over what the person may see. By POST, so that no name stands in an address, a log or a history."""

    action = "find_juvenile"
    template_name = "people/find.html"

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(forms.FindForm())

    def post(self, request: HttpRequest) -> HttpResponse:
        form = forms.FindForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=400)
        found = queries.find(request.user, form.cleaned_data["q"])
        audit.read(None, by=request.user, route=self.route, action="searched", detail=str(len(found)))
        matters = registry.matters_of(request.user, [row.pk for row in found])
        return self.show(form, worklist=presenters.matches(request.user, found, matters))

    def show(self, form: Any, status: int = 200, **more: Any) -> HttpResponse:
        allowed = api.allowed(self.request.user, self.load())
        if self.action not in allowed:
            api.require(self.request.user, self.action, self.row)
        context = {
            "form": form, "worklist": None, "register": "draft_referral" in allowed,
            "codes_only": not knows_names(self.request.user), **more,
        }
        return render(self.request, self.template_name, context, status=status)


class RegisterJuvenile(OwnOrganisation, FormPage):
    """A child the organ has not referred before; what follows is a draft of the referral."""

    action = "draft_referral"
    form_class = forms.RegisterJuvenileForm
    template_name = "people/register_juvenile.html"
    title = _("Register a child")
    submit_label = _("Register and draft the referral")
    done_message = _("The child is registered. The referral has been begun.")

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if request.POST.get("_clear"):
            row = self.load()
            api.require(request.user, self.action, row)
            discard_draft(user=request.user, form=self.verb(), object_id=row.pk)
            return HttpResponseRedirect(request.path)
        return super().post(request, **kwargs)

    def make_form(self, row: Any, data: Any = None, files: Any = None) -> Any:
        user = self.request.user
        drafting = None if user.has_role(Role.PROSECUTOR) else queries.people_of(user.organisation_id, Role.PROSECUTOR)
        return forms.RegisterJuvenileForm(data=data, prosecutors=drafting)

    def carry_out(self, row: Any, form: Any) -> str:
        user, at, data = self.request.user, now(), form.cleaned_data
        api.require(user, self.action, row)
        self.notice_the_same_child(form)
        juvenile = services.register_juvenile(
            by=user, at=at, sex=data["sex"], identity=form.identity(), circumstances=form.circumstances(),
            guardians=form.formsets["guardians"].guardians(),
        )
        chosen = queries.people_of(user.organisation_id, Role.PROSECUTOR).filter(pk=data.get("prosecutor")).first()
        return registry.follow(juvenile=juvenile, by=user, at=at, prosecutor=chosen) or juvenile.get_absolute_url()

    def notice_the_same_child(self, form: Any) -> None:
        """Stop where the organ already has a child with this number, saying no more than the person may know."""
        number = form.cleaned_data["id_number"]
        found = queries.registered_here(self.request.user, number) if number else None
        if found is None:
            return
        if api.can(self.request.user, "view", found):
            self.known = found
            sentence = _("%(code)s: a child with this ID number is registered already. Open that page and refer from there.")
            raise Blocked([("id_number", sentence % {"code": found.code})], code="registered")
        if not form.cleaned_data["separately"]:
            form.fields["separately"].widget = forms.forms.CheckboxInput()
            raise Blocked([("id_number", self.whom_to_ask())], code="registered")

    def whom_to_ask(self) -> Any:
        heads = ", ".join(person.name for person in queries.people_of(self.request.user.organisation_id, Role.UNIT_HEAD))
        sentence = _(
            "Your organ has registered a child with this ID number before, in a matter that is not yours. "
            "Ask the head of the unit (%(heads)s) before you go on."
        )
        return sentence % {"heads": heads or _("nobody is named")}

    def location(self, row: Any, result: Any) -> str:
        return result

    def page(self, row: Any, form: Any) -> dict[str, Any]:
        known = getattr(self, "known", None)
        sections = list(form.SECTIONS)
        if "prosecutor" in form.fields:
            sections.insert(0, {"title": _("In charge"), "fields": ["prosecutor"]})
        return {
            "sections": sections, "cancel_url": reverse("people:find"),
            "known": {"label": known.code, "url": known.get_absolute_url()} if known else None,
            "formsets": [
                {
                    "formset": form.formsets["guardians"], "title": _("Guardians and contacts"),
                    "add_label": _("Add a guardian or contact"), "hint": _("Parents first; then whoever looks after the child."),
                }
            ],
        }


class JuvenilePage(DetailPage):
    """The child as this person may know it: identity, family, consents, matters."""

    model = Juvenile
    template_name = "people/juvenile.html"
    shape = staticmethod(queries.for_page)

    def page(self, row: Any) -> dict[str, Any]:
        user, may = self.request.user, row.allowed_actions
        queries.open_identity(row)
        names = "read_identity" in may
        guardians, consents = queries.guardians_of(row), queries.consents_of(row)
        matters = registry.matters_of(user, [row.pk])[row.pk]
        record_url = reverse("people:record_consent", args=[row.pk]) if "record_consent" in may else ""
        return {
            "title": presenters.full_name(user, row), "names": names, "may": may,
            "identity": presenters.known_facts(user, row, names),
            "circumstances": presenters.circumstances_facts(row),
            "guardians": presenters.guardian_rows(guardians, names=names, may_change="correct_identity" in may),
            "consents": presenters.consent_rows(
                consents, names=names, record_url=record_url, may_attach="attach_consent_scan" in may
            ),
            "matters": presenters.matter_rows(matters),
            "beginnings": registry.beginnings_for(user, row), "why": api.why(user, row),
        }


class JuvenileForm(GoesBack, KeepsVersion, FormPage):
    """Forms about one child."""

    model: ClassVar[Any] = Juvenile
    template_name = "people/form.html"

    def shape(self, rows: Any) -> Any:
        return queries.for_page(rows)

    def location(self, row: Any, result: Any) -> str:
        return self.back() or row.get_absolute_url()

    def page(self, row: Any, form: Any) -> dict[str, Any]:
        queries.open_identity(row)
        name = presenters.full_name(self.request.user, row)
        return {
            "crumbs": [{"label": name, "url": row.get_absolute_url()}, {"label": self.title}], "subtitle": name,
            "next": self.back(), "cancel_url": self.back() or row.get_absolute_url(),
        }


class CorrectIdentity(JuvenileForm):
    """Who the child is, corrected; the old value stays in no draft and no log."""

    action = "correct_identity"
    form_class = forms.CorrectIdentityForm
    title = _("Correct the personal data")
    done_message = _("The personal data are corrected.")

    def make_form(self, row: Any, data: Any = None, files: Any = None) -> Any:
        queries.open_identity(row)
        return forms.CorrectIdentityForm(data=data, stored=presenters.stored_identity(row))

    def carry_out(self, row: Any, form: Any) -> Any:
        return services.correct_identity(
            juvenile=row, by=self.request.user, at=now(), version=self.version(), sex=form.cleaned_data["sex"],
            identity=form.identity(),
        )

    def show(self, row: Any, form: Any, *, key: str, **more: Any) -> HttpResponse:
        more.setdefault("version", row.identity.version)
        return super().show(row, form, key=key, **more)

    def page(self, row: Any, form: Any) -> dict[str, Any]:
        return {**super().page(row, form), "sections": form.SECTIONS}


class AddGuardian(JuvenileForm):
    """One more guardian or contact."""

    action = "correct_identity"
    title = _("Add a guardian or contact")
    done_message = _("Added.")
    form_class = forms.GuardianForm

    def carry_out(self, row: Any, form: Any) -> Any:
        return services.add_guardian(juvenile=row, by=self.request.user, at=now(), **form.guardian())


class ChangeGuardian(JuvenileForm):
    """A guardian corrected. The kept text is about the guardian: the child has several."""

    action = "correct_identity"
    form_class = forms.GuardianForm
    title = _("Correct a guardian or contact")
    done_message = _("Corrected.")

    def load(self) -> Any:
        row = super().load()
        found = Guardian.objects.filter(juvenile=row, pk=self.kwargs["guardian"]).first()
        if found is None:
            raise NotVisible()
        open_dossier(row.pk).read(found)
        self.guardian = found
        return row

    def draft_of(self, row: Any) -> UUID:
        return self.guardian.pk

    @classmethod
    def may_keep(cls, user: Any, about: UUID) -> bool:
        return Guardian.objects.filter(pk=about, juvenile__in=api.permitted(Juvenile, user)).exists()

    def make_form(self, row: Any, data: Any = None, files: Any = None) -> Any:
        return forms.GuardianForm(data=data, initial=services.guardian_as_typed(self.guardian))

    def carry_out(self, row: Any, form: Any) -> Any:
        return services.change_guardian(
            guardian=self.guardian, by=self.request.user, at=now(), version=self.version(), **form.guardian()
        )

    def show(self, row: Any, form: Any, *, key: str, **more: Any) -> HttpResponse:
        more.setdefault("version", Guardian.objects.values_list("version", flat=True).get(pk=self.guardian.pk))
        return super().show(row, form, key=key, **more)


class RecordConsent(JuvenileForm):
    """Who agreed to what, when and how."""

    action = "record_consent"
    form_class = forms.RecordConsentForm
    title = _("Record a consent")
    done_message = _("The consent is recorded.")

    def make_form(self, row: Any, data: Any = None, files: Any = None) -> Any:
        text = queries.open_identity(row)
        return forms.RecordConsentForm(
            data=data, files=files, guardians=queries.guardians_of(row), age=forms.age_now(text["birth_on"])
        )

    def carry_out(self, row: Any, form: Any) -> Any:
        data = dict(form.cleaned_data)
        guardian = form.guardians.get(data.pop("guardian")) if data["capacity"] == "guardian" else None
        data.pop("guardian", None)
        if data["capacity"] != "substitute":
            data.update(substitute_reason="", signer="")
        return services.record_consent(juvenile=row, by=self.request.user, at=now(), guardian=guardian, **data)


class AttachConsentScan(JuvenileForm):
    """The scan of a paper signed earlier. Without autosave: nothing is typed, and a file cannot be kept as a draft."""

    action = "attach_consent_scan"
    form_class = forms.AttachConsentScanForm
    title = _("Attach the scan of a consent")
    submit_label = _("Attach")
    done_message = _("The scan is attached.")
    autosaves = False

    def load(self) -> Any:
        row = super().load()
        self.consent = consent_of(row, self.kwargs["consent"])
        return row

    def make_form(self, row: Any, data: Any = None, files: Any = None) -> Any:
        before = self.consent.scan.sha256 if self.consent.scan else ""
        return forms.AttachConsentScanForm(data=data, files=files, initial={"instead_of": before})

    def carry_out(self, row: Any, form: Any) -> Any:
        return services.attach_consent_scan(consent=self.consent, by=self.request.user, at=now(), **form.cleaned_data)

    def page(self, row: Any, form: Any) -> dict[str, Any]:
        told = super().page(row, form)
        follows = [_("The scan that is there now is no longer shown; the record of acts keeps its mark.")] if self.consent.scan else []
        return {**told, "intro": presenters.consent_line(self.consent), "follows": follows}


class ConsentScan(Page):
    """The scanned paper, to be saved. It bears names: for those who may know them."""

    model = Juvenile
    action = "read_identity"

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = self.load()
        self.require(row)
        found = consent_of(row, self.kwargs["consent"])
        if found.scan is None:
            raise NotVisible()
        content = open_file(found.scan, dossier=open_dossier(row.pk))
        audit.read(row, by=request.user, route=self.route, action="downloaded", detail=found.kind)
        return as_attachment(found.scan, content)


def consent_of(row: Juvenile, consent: Any) -> Consent:
    """One agreement of this child. Raises NotVisible."""
    found = Consent.objects.filter(juvenile=row, pk=consent).select_related("scan", "juvenile", "guardian").first()
    if found is None:
        raise NotVisible()
    return found
