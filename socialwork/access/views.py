"""The four kinds of page: list, detail, form, and act. Each declares model and action; rights are asked in one place."""
from __future__ import annotations

import hashlib
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.forms import BaseForm, FileField
from django.forms.formsets import BaseFormSet
from django.forms.utils import ErrorDict, ErrorList
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views import View

from socialwork import audit
from socialwork.access import api, listing
from socialwork.core.drafts import Saved, discard_draft, load_draft
from socialwork.core.errors import Blocked, DomainError, NotVisible, Stale, error_page
from socialwork.core.filtering import is_chosen
from socialwork.core.idempotency import Done, once, parse_key
from socialwork.core.statements import ask


class Page(View):
    """One row of `model` that the user may see, and one `action` on it."""

    model: ClassVar[type[Model]]
    action: ClassVar[str] = "view"
    template_name: ClassVar[str] = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().dispatch(request, *args, **kwargs)
        except DomainError as refusal:
            return self.refuse(refusal)

    def refuse(self, refusal: DomainError) -> HttpResponse:
        """Record the refusal and say it. Its transaction commits, so the record stays."""
        row = getattr(self, "row", None)
        audit.read(
            row, by=self.request.user, route=self.route, action=self.action, outcome="refused", detail=refusal.code
        )
        return error_page(self.request, refusal.status, refusal.message)

    @property
    def route(self) -> str:
        return self.request.resolver_match.view_name

    def shape(self, rows: QuerySet) -> QuerySet:
        """What the page needs with the row; overridden with a shape from queries.py."""
        return rows

    def load(self) -> Any:
        """The row of the address, or NotVisible: a row of somebody else does not exist."""
        rows = ask(row_of_page, type(self), self.shows_only(), self.request.user, self.kwargs["id"])
        row = next(iter(rows), None)
        if row is None:
            raise NotVisible()
        return self.found(row)

    def visible(self) -> QuerySet:
        """The rows this person may see; on a page that only shows, with what may be done to them in the same query."""
        return visible_rows(type(self), self.shows_only(), self.request.user)

    def shows_only(self) -> bool:
        return self.request.method in ("GET", "HEAD")

    def found(self, row: Any) -> Any:
        api.take_rights(row)
        self.row = row
        return row

    def require(self, row: Any) -> None:
        """The right to the page's action on its row, or the refusal."""
        if self.shows_only() and api.take_rights(row):
            api.require_taken(row)
        else:
            api.require(self.request.user, self.action, row)

    def know_rights(self, row: Any) -> None:
        """Every action the person may do to the row, as `allowed_actions`."""
        if not (self.shows_only() and api.take_rights(row)):
            api.allowed(self.request.user, row)


class DetailPage(Page):
    """Shows one row; the reading is recorded. Shows nothing but what it reads, which a replica may answer (core.replicas)."""

    reads_only: ClassVar[bool] = True

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = self.load()
        self.require(row)
        audit.read(row, by=request.user, route=self.route)
        self.know_rights(row)
        return render(request, self.template_name, {"row": row, **self.page(row)})

    def page(self, row: Any) -> dict[str, Any]:
        return {}


class FormPage(Page):
    """One form, one service. Typed text is kept as a draft until the service has carried it out.

    Subclasses give `form_class` (or `make_form`), `carry_out`, and where to go. `verb` names the form in the store of
    drafts; it is the URL name.
    """

    form_class: ClassVar[type[BaseForm]]
    template_name: ClassVar[str] = "layouts/form.html"
    title: ClassVar[Any] = ""
    submit_label: ClassVar[Any] = _("Save")
    autosaves: ClassVar[bool] = True
    done_message: ClassVar[Any] = ""
    by_verb: ClassVar[dict[str, type[FormPage]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        FormPage.by_verb[cls.verb()] = cls

    @classmethod
    def verb(cls) -> str:
        return verb_of(cls)

    def draft_of(self, row: Any) -> UUID:
        """What the kept text is about: the row, unless the page's form is about one of several things of the row."""
        return row.pk

    @classmethod
    def may_keep(cls, user: Any, about: UUID) -> bool:
        """Whether this person may keep a text about the thing `draft_of` names."""
        return api.permitted(cls.model, user).filter(pk=about).exists()

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = self.load()
        self.require(row)
        saved = load_draft(user=request.user, form=self.verb(), object_id=self.draft_of(row)) if self.autosaves else None
        form = self.make_form(row, data=saved.data) if saved else self.make_form(row)
        if saved:
            unjudged(form)
        audit.read(row, by=request.user, route=self.route, action=self.action)
        return self.show(row, form, key=str(uuid4()), saved=saved)

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = self.load()
        key = parse_key(request.POST.get("_key", ""))
        if prefix := request.POST.get("_add"):
            return self.add_line(row, prefix, key)
        form = self.make_form(row, data=request.POST, files=request.FILES)
        if not is_valid(form):
            api.require(request.user, self.action, row)
            choose_again(form)
            return self.show(row, form, key=str(key or uuid4()), status=400)
        try:
            done = once(
                user=request.user, key=key, route=self.route, body=self.fingerprint(), act=lambda: self.act(row, form),
                last=lambda: self.forget(row),
            )
        except DomainError as refusal:
            if refusal.status in (403, 404):
                raise
            explain(form, refusal)
            choose_again(form)
            theirs = refusal.theirs if isinstance(refusal, Stale) else None
            return self.show(row, form, key=str(uuid4()), status=refusal.status, theirs=theirs, refusal=refusal)
        if done.repeated:
            self.forget(row)
        elif self.done_message:
            messages.success(request, self.done_message)
        return HttpResponseRedirect(done.location)

    def forget(self, row: Any) -> None:
        """What was typed is no longer kept: it has been carried out."""
        discard_draft(user=self.request.user, form=self.verb(), object_id=self.draft_of(row))

    def act(self, row: Any, form: Any) -> Done:
        result = self.carry_out(row, form)
        return Done(location=self.location(row, result))

    def add_line(self, row: Any, prefix: str, key: Any) -> HttpResponse:
        """One more empty row of a formset for a browser without scripts: the same text, unjudged."""
        api.require(self.request.user, self.action, row)
        data, total = self.request.POST.copy(), f"{prefix}-TOTAL_FORMS"
        if data.get(total, "").isdigit():
            data[total] = str(int(data[total]) + 1)
        form = self.make_form(row, data=data)
        unjudged(form)
        return self.show(row, form, key=str(key or uuid4()))

    def fingerprint(self) -> bytes:
        """What must be equal for a repeated submission to count as the same one."""
        body = self.request.POST.copy()
        for control in ("csrfmiddlewaretoken", "_tab"):
            body.pop(control, None)
        files = [(name, [digest(file) for file in chosen]) for name, chosen in sorted(self.request.FILES.lists())]
        return f"{self.request.path}?{sorted(body.lists())}{files or ''}".encode()

    def make_form(self, row: Any, data: Any = None, files: Any = None) -> Any:
        return self.form_class(data=data, files=files, **self.form_arguments(row))

    def form_arguments(self, row: Any) -> dict[str, Any]:
        """Keyword arguments of the form: choices already permitted, initial values."""
        return {}

    def carry_out(self, row: Any, form: Any) -> Any:
        """Call the one service. Returns what `location` needs."""
        raise TypeError(f"{type(self).__name__} must define carry_out")

    def location(self, row: Any, result: Any) -> str:
        return row_address(row)

    def page(self, row: Any, form: Any) -> dict[str, Any]:
        return {}

    def show(self, row: Any, form: Any, *, key: str, saved: Saved | None = None, status: int = 200, **more: Any) -> HttpResponse:
        self.know_rights(row)
        if saved is None and status >= 400 and self.autosaves:
            saved = load_draft(user=self.request.user, form=self.verb(), object_id=self.draft_of(row))
        context = {
            "row": row, "form": form, "key": key, "version": getattr(row, "version", ""), "cancel_url": row_address(row),
            "saved_at": local_time(saved.saved_at) if saved else "", "seen": saved.saved_at.isoformat() if saved else "",
            "autosave_url": reverse("save_draft", args=[self.verb(), self.draft_of(row)]) if self.autosaves else "",
            "title": self.title, "submit_label": self.submit_label, "refusal": None, "theirs": None,
            **more, **self.page(row, form),
        }
        return render(self.request, self.template_name, context, status=status)


class KeepsVersion:
    """Forms about what others may change too: the version a text was begun from stays with the text.

    A form shown again after a mistake keeps the version it was posted with, a draft the one it was begun from; once both
    texts were shown the newer version counts.
    """

    def show(self, row: Any, form: Any, *, key: str, saved: Any = None, status: int = 200, **more: Any) -> HttpResponse:
        typed = saved.data if saved else self.request.POST if status == 400 else {}
        if str(typed.get("_version", "")).isdigit():
            more["version"] = typed["_version"]
        return super().show(row, form, key=key, saved=saved, status=status, **more)

    def version(self) -> int:
        """The version the posted text was begun from; 0, which is always stale, when it is missing."""
        posted = self.request.POST.get("_version", "")
        return int(posted) if posted.isdigit() and len(posted) < 10 else 0


class ActPage(Page):
    """A POST-only act with nothing to type: a button."""

    done_message: ClassVar[Any] = ""
    by_verb: ClassVar[dict[str, type[ActPage]]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        ActPage.by_verb[verb_of(cls)] = cls

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        row = self.load()
        done = once(
            user=request.user, key=parse_key(request.POST.get("_key", "")), route=self.route, body=request.path.encode(),
            act=lambda: Done(location=self.location(row, self.carry_out(row))),
        )
        if self.done_message and not done.repeated:
            messages.success(request, self.done_message)
        return HttpResponseRedirect(done.location)

    def carry_out(self, row: Any) -> Any:
        raise TypeError(f"{type(self).__name__} must define carry_out")

    def location(self, row: Any, result: Any) -> str:
        return row_address(row)


class ListPage(View):
    """Rows the user may see, newest need first, one keyset page at a time."""

    reads_only: ClassVar[bool] = True
    model: ClassVar[type[Model]]
    action: ClassVar[str] = "view"
    template_name: ClassVar[str] = "components/list_page.html"
    sorts: ClassVar[dict[str, listing.Sort]]
    filterset: ClassVar[Any] = None
    # What `narrow` does while nothing is chosen, as a function of a module.
    unchosen: ClassVar[listing.Narrow | None] = None
    roles: ClassVar[tuple[Any, ...]] = ()
    counted: ClassVar[listing.Sort | None] = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.roles and not request.user.has_role(*self.roles):
            audit.read(None, by=request.user, route=request.resolver_match.view_name, outcome="refused", detail="not_found")
            return error_page(request, 404)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        sort = self.sorts.get(request.GET.get("sort", "")) or next(iter(self.sorts.values()))
        listed = listing.list_rows(
            self.model, request.user, sort=sort, shape=self.shape, narrow=self.narrowing(), action=self.action,
            cursor=request.GET.get("after", ""), counted=self.counted, beside=self.beside(),
            note=audit.reading(None, by=request.user, route=request.resolver_match.view_name, action="listed"),
        )
        return render(request, self.template_name, self.page(listed))

    def shape(self, rows: QuerySet) -> QuerySet:
        return rows

    def beside(self) -> tuple[Any, ...] | None:
        """What else the page asks with its rows (listing.list_rows)."""
        return None

    def narrowing(self) -> listing.Narrow:
        """What is applied to each arm of the list; a function of a module, whose words are kept, where nothing was chosen."""
        return self.narrow if self.unchosen is None or is_chosen(self.request.GET) else self.unchosen

    def narrow(self, rows: QuerySet) -> QuerySet | list[QuerySet]:
        """Apply the chosen filters to one arm of the list."""
        return rows if self.filterset is None else self.filterset(self.request.GET, queryset=rows, request=self.request).qs

    def page(self, listed: listing.Listed) -> dict[str, Any]:
        return {"listed": listed}


def row_of_page(kind: type[Page], shows_only: bool, user: Any, pk: UUID) -> QuerySet:
    """The row of a page if the person may see it. The shape of a page knows nothing of the request."""
    return kind().shape(visible_rows(kind, shows_only, user)).filter(pk=pk).order_by()


def visible_rows(kind: type[Page], shows_only: bool, user: Any) -> QuerySet:
    """The rows of a kind of page this person may see, with what may be done to them where the page only shows."""
    rows = api.permitted(kind.model, user)
    return api.with_rights(rows, user, kind.action) if shows_only else rows


def verb_of(page: type) -> str:
    """CamelCase class name to verb: SubmitReferral -> submit_referral."""
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in page.__name__).lstrip("_")


def now() -> Any:
    """The clock is read at the edge, once per act."""
    return timezone.now()


def local_time(moment: Any) -> str:
    """Hour and minute on the office's clock, as it stands beside "saved"."""
    return timezone.localtime(moment).strftime("%H:%M")


def row_address(row: Any) -> str:
    """Where a row is shown."""
    address = getattr(row, "get_absolute_url", None)
    return address() if address else "/"


def is_valid(form: Any) -> bool:
    """A form and the formsets it carries (`form.formsets`), all judged, so that every error is shown at once."""
    parts = [form, *getattr(form, "formsets", {}).values()]
    return all([part.is_valid() for part in parts])


def unjudged(form: Any) -> None:
    """Show what was typed earlier without scolding for what is not there yet."""
    for part in [form, *getattr(form, "formsets", {}).values()]:
        if isinstance(part, BaseFormSet):
            part._errors = [{} for _ in part.forms]
            part._non_form_errors = ErrorList()
            for single in part.forms:
                single._errors = ErrorDict()
        else:
            part._errors = ErrorDict()


def digest(file: Any) -> str:
    """SHA-256 of an uploaded file's content."""
    found = hashlib.sha256()
    for piece in file.chunks():
        found.update(piece)
    return found.hexdigest()


def choose_again(form: Any) -> None:
    """A browser lets go of chosen files when it shows a page again: say so at the field, so that none is thought sent."""
    for name, field in form.fields.items():
        if isinstance(field, FileField) and form.files and form.files.getlist(name) and name not in form.errors:
            form.add_error(name, ValidationError(_("Choose the file again: it does not stay chosen when something has to be corrected."), code="again"))


def explain(form: Any, refusal: DomainError) -> None:
    """Put what the rules refuse where the cursor should be."""
    found = refusal.blockers if isinstance(refusal, Blocked) else [(refusal.field, refusal.message)]
    for field, message in found:
        form.add_error(field if field in form.fields else None, ValidationError(message, code=refusal.code))


