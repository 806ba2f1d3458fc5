"""The API is the pages without their paper: the same lists, rows and verbs, the same rights, the same sentences.

A verb of the API is a page's form filled in by JSON: there is no second list of fields, checks or services that could
drift. Reading declares its fields in serializers.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.forms import BaseForm
from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.views import exception_handler as default_handler

from socialwork import audit
from socialwork.access import api, listing
from socialwork.access.blank_forms import described_form
from socialwork.access.drf_files import take_files
from socialwork.access.views import ActPage, FormPage, ListPage, Page, is_valid, verb_of
from socialwork.core.errors import Blocked, DomainError, NotVisible, Stale
from socialwork.core.idempotency import Done, once, parse_key

LARGEST_PAGE = 100
PAGING = ("after", "size", "sort")
VERSION = "_version"


class Refused(DomainError):
    """What was sent is not understood: each name with its sentences."""

    def __init__(self, fields: Mapping[str, list[str]]) -> None:
        super().__init__(_("Some of what was sent is not right. See the fields."))
        self.fields = dict(fields)


class Act(APIView):
    """POST carries out a verb: body as the page's form, rows of a formset as a list under its prefix.

    A form is sent whole: what is missing counts as empty. An `Idempotency-Key` header (UUID) makes a repeated request
    harmless.
    """

    page_class: ClassVar[type[FormPage] | type[ActPage]]

    @property
    def declared(self) -> str:
        return self.page_class.action

    def post(self, request: Any, **kwargs: Any) -> Response:
        http = request._request
        raw, key = http.body, idempotency_key(request)
        body, files = take_files(self.page_class, request.data)
        page = self.page_class()
        page.setup(http, **kwargs)
        # Pages read versions and the like beside the form: they find them where a browser would have put them.
        http.POST = form_data(body, formsets=formsets_of(self.page_class))
        row = page.load()
        act = self.judged(page, row, body, http.POST, files)
        fingerprint = f"{http.path}?".encode() + raw
        done = once(user=request.user, key=key, route=page.route, body=fingerprint, act=act)
        answer = {"location": done.location, "repeated": done.repeated}
        if hasattr(page, "secret"):
            # A key or a one-time password, shown in this answer only.
            answer["secret"] = page.secret(page.shown)["secret"]
        return Response(answer)

    def judged(self, page: Any, row: Any, body: Mapping[str, Any], data: QueryDict, files: Any) -> Callable[[], Done]:
        """The act itself, once what was sent is right; rights are asked before mistakes are shown."""
        if not isinstance(page, FormPage):
            refuse_unknown(page, row, body, ())
            return lambda: Done(location=page.location(row, page.carry_out(row)))
        form = page.make_form(row, data=data, files=files)
        refuse_unknown(page, row, body, [*form.fields, *getattr(form, "formsets", ()), *formsets_of(type(page))])
        if not is_valid(form):
            api.require(page.request.user, page.action, row)
            raise Refused(form_errors(form))
        return lambda: page.act(row, form)


class Row(APIView):
    """GET shows one row the user may see."""

    reads_only: ClassVar[bool] = True

    page_class: ClassVar[type[Page]]
    serializer_class: ClassVar[Any]
    declared = "view"

    def get(self, request: Any, **kwargs: Any) -> Response:
        page = self.page_class()
        page.setup(request._request, **kwargs)
        refuse_unknown_names(request.GET, ())
        row = page.load()
        page.require(row)
        audit.read(row, by=request.user, route=page.route)
        page.know_rights(row)
        return Response(self.serializer_class(row, context={"user": request.user}).data)


class Rows(APIView):
    """GET lists the rows the user may see: the page's filters and orders, `after` from the answer before, `size` ≤ 100.

    A name or value that is not understood is refused: a program must not take the wrong list for the right one.
    """

    reads_only: ClassVar[bool] = True

    page_class: ClassVar[type[ListPage]]
    serializer_class: ClassVar[Any]
    # What the rows carry, where the answer says more of them than the page.
    shape: ClassVar[Any] = None
    declared = "view"

    def get(self, request: Any, **kwargs: Any) -> Response:
        page = self.page_class()
        page.setup(request._request, **kwargs)
        if page.roles and not request.user.has_role(*page.roles):
            raise NotVisible()
        parent = self.parent(page)
        asked = self.asked(page)
        listed = listing.list_rows(
            page.model, request.user, shape=self.shape or page.shape, narrow=page.narrowing(), action=page.action,
            note=audit.reading(parent, by=request.user, route=request.resolver_match.view_name, action="listed"), **asked,
        )
        rows = self.serializer_class(listed.rows, many=True, context={"user": request.user}).data
        return Response({"rows": rows, "next": listed.next_cursor, "previous": listed.previous_cursor})

    def parent(self, page: Any) -> Any:
        """The row the list belongs to, which the user must be allowed to see; None for a list of its own."""
        return None

    @classmethod
    def filter_form(cls, page: Any) -> BaseForm | None:
        """The page's filters, with the choices this user has."""
        if page.filterset is None:
            return None
        return page.filterset(page.request.GET, queryset=page.model._default_manager.none(), request=page.request).form

    @classmethod
    def blank_filter_form(cls) -> BaseForm | None:
        """The same without a user: for the description."""
        chosen = cls.page_class.filterset
        return chosen({}, queryset=cls.page_class.model._default_manager.none()).form if chosen else None

    def asked(self, page: Any) -> dict[str, Any]:
        """Order, place and size of the page of rows."""
        query, form, wrong = page.request.GET, self.filter_form(page), {}
        refuse_unknown_names(query, [*PAGING, *(form.fields if form is not None else ())])
        if form is not None and not form.is_valid():
            wrong |= {name: [str(error) for error in errors] for name, errors in form.errors.items()}
        sort_name, size, after = query.get("sort", ""), query.get("size", ""), query.get("after", "")
        if sort_name and sort_name not in page.sorts:
            wrong["sort"] = [_("Choose one of: %(names)s.") % {"names": ", ".join(page.sorts)}]
        if size and not (size.isdecimal() and 1 <= int(size) <= LARGEST_PAGE):
            wrong["size"] = [_("Give a number from 1 to %(most)s.") % {"most": LARGEST_PAGE}]
        sort = page.sorts.get(sort_name) or next(iter(page.sorts.values()))
        if after and not listing.is_cursor(after, page.model, sort):
            wrong["after"] = [_("Send the text that the answer before gave as `next` or `previous`.")]
        if wrong:
            raise Refused(wrong)
        return {"sort": sort, "cursor": after, "size": int(size) if size else listing.PAGE}


def act_view(page_class: type[FormPage] | type[ActPage]) -> Any:
    """The API view of one verb."""
    known = {"page_class": page_class, "__doc__": page_class.__doc__, "verb": verb_of(page_class)}
    return type(f"Api{page_class.__name__}", (Act,), known).as_view()


def formsets_of(page_class: type[Page]) -> tuple[str, ...]:
    """Prefixes of the formsets the page's form has of its own."""
    described = described_form(page_class)
    return tuple(described.formsets) if described else ()


def idempotency_key(request: Any) -> UUID | None:
    """The key of the header. One that is no UUID is refused: the sender believes to be protected by it."""
    text = request.headers.get("Idempotency-Key", "")
    key = parse_key(text)
    if text and key is None:
        raise exceptions.ParseError(_("The header Idempotency-Key must be a UUID."))
    return key


def form_data(body: Any, *, formsets: Iterable[str] = ()) -> QueryDict:
    """A JSON object as a form body: lists are repeated values, lists of objects are the rows of a formset.

    A formset that is not sent has no rows.
    """
    if not isinstance(body, Mapping):
        raise exceptions.ParseError(_("Send a JSON object."))
    data = QueryDict(mutable=True)
    for prefix in formsets:
        _put_rows(data, prefix, [])
    for name, value in body.items():
        _put(data, name, value)
    return data


def _put(data: QueryDict, name: str, value: Any) -> None:
    if value is None or value is False:
        return
    if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        _put_rows(data, name, value)
    elif isinstance(value, list):
        if any(isinstance(item, Mapping | list) for item in value):
            raise exceptions.ParseError(_("%(name)s must be a list of values or a list of objects.") % {"name": name})
        data.setlist(name, [str(item) for item in value])
    elif isinstance(value, Mapping):
        raise exceptions.ParseError(_("%(name)s must not be an object.") % {"name": name})
    else:
        data[name] = "on" if value is True else str(value)


def _put_rows(data: QueryDict, prefix: str, rows: list[Mapping[str, Any]]) -> None:
    data[f"{prefix}-TOTAL_FORMS"], data[f"{prefix}-INITIAL_FORMS"] = str(len(rows)), "0"
    for number, row in enumerate(rows):
        for name, value in row.items():
            _put(data, f"{prefix}-{number}-{name}", value)


def refuse_unknown(page: Any, row: Any, body: Mapping[str, Any], known: Iterable[str]) -> None:
    """A misspelt name must not be taken for a thing not said; but who may not act is told that first."""
    # What the form asks of others is known too, though it is not asked of this person.
    asked_of_others = getattr(getattr(page, "form_class", None), "base_fields", ())
    names = {*known, *asked_of_others, VERSION}
    if set(body) - names:
        api.require(page.request.user, page.action, row)
        refuse_unknown_names(body, names)


def refuse_unknown_names(sent: Iterable[str], known: Iterable[str]) -> None:
    """Name everything that was sent and is not asked for."""
    unknown = sorted(set(sent) - set(known))
    if unknown:
        names = ", ".join(sorted(known)) or _("none")
        sentence = _("There is no such name here. Known are: %(names)s.") % {"names": names}
        raise Refused({name: [sentence] for name in unknown})


def form_errors(form: Any) -> dict[str, list[str]]:
    """Every error of a form and its formsets by field, in the words of the page."""
    found: dict[str, list[str]] = {name: [str(error) for error in errors] for name, errors in form.errors.items()}
    for prefix, formset in getattr(form, "formsets", {}).items():
        for number, errors in enumerate(formset.errors):
            found.update({f"{prefix}-{number}-{name}": [str(error) for error in each] for name, each in errors.items()})
        if formset.non_form_errors():
            found[prefix] = [str(error) for error in formset.non_form_errors()]
    return found


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Refusals of the domain in the same words and statuses as on the pages."""
    if isinstance(error, DomainError):
        request = context["request"]
        if error.status in (403, 404):
            audit.read(
                None, by=request.user, route=request.resolver_match.view_name, outcome="refused", detail=error.code
            )
        return Response(said(error), status=error.status)
    response = default_handler(error, dict(context))
    if response is not None:
        detail = response.data.get("detail", "") if isinstance(response.data, dict) else ""
        response.data = {"code": getattr(detail, "code", "error"), "message": str(detail)}
    return response


def said(error: DomainError) -> dict[str, Any]:
    """A refusal as JSON: code, sentence, and what belongs to which field."""
    body: dict[str, Any] = {"code": error.code, "message": str(error.message)}
    if isinstance(error, Refused):
        body["fields"] = error.fields
    elif isinstance(error, Blocked):
        body["fields"] = {}
        for name, sentence in error.blockers:
            body["fields"].setdefault(name or "", []).append(str(sentence))
    elif error.field:
        body["fields"] = {error.field: [str(error.message)]}
    if isinstance(error, Stale):
        body["theirs"] = {name: str(value) for name, value in error.theirs.items()}
    return body


