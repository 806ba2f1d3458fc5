"""The API is the pages without their paper: the same lists, rows and verbs, the same rights, the same sentences.

A verb of the API is a page's form filled in by JSON: there is no second list of fields, checks or services that could
drift. Reading declares its fields in serializers.
"""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import QueryDict
from django.utils.translation import gettext as _
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.views import exception_handler as default_handler

from socialwork import audit
from socialwork.access import api, listing
from socialwork.access.views import ActPage, FormPage, ListPage, Page, is_valid
from socialwork.core.errors import Blocked, DomainError, NotVisible, Stale
from socialwork.core.idempotency import Done, once, parse_key

LARGEST_PAGE = 100


class Act(APIView):
    """POST carries out a verb: body as the page's form, rows of a formset as a list under its prefix.

    An `Idempotency-Key` header (UUID) makes a repeated request harmless.
    """

    page_class: ClassVar[type[Page]]

    @property
    def declared(self) -> str:
        return self.page_class.action

    def post(self, request: Any, id: Any) -> Response:
        page = self.page_class()
        page.setup(request._request, id=id)
        row = page.load()
        form = None
        if isinstance(page, FormPage):
            form = page.make_form(row, data=form_data(request.data))
            if not is_valid(form):
                api.require(request.user, page.action, row)
                return Response(form_errors(form), status=status.HTTP_400_BAD_REQUEST)
        arguments = (row, form) if form is not None else (row,)
        done = once(
            user=request.user, key=parse_key(request.headers.get("Idempotency-Key", "")), route=page.route,
            body=request._request.body,
            act=lambda: Done(location=page.location(row, page.carry_out(*arguments))),
        )
        return Response({"location": done.location, "repeated": done.repeated})


class Row(APIView):
    """GET shows one row the user may see."""

    page_class: ClassVar[type[Page]]
    serializer_class: ClassVar[Any]
    declared = "view"

    def get(self, request: Any, id: Any) -> Response:
        page = self.page_class()
        page.setup(request._request, id=id)
        row = page.load()
        audit.read(row, by=request.user, route=page.route)
        api.allowed(request.user, row)
        return Response(self.serializer_class(row, context={"user": request.user}).data)


class Rows(APIView):
    """GET lists the rows the user may see: the page's filters and orders, `after` from the answer before, `size` ≤ 100."""

    page_class: ClassVar[type[ListPage]]
    serializer_class: ClassVar[Any]
    declared = "view"

    def get(self, request: Any) -> Response:
        page = self.page_class()
        page.setup(request._request)
        if page.roles and not request.user.has_role(*page.roles):
            raise NotVisible()
        sort = page.sorts.get(request.GET.get("sort", "")) or next(iter(page.sorts.values()))
        size = request.GET.get("size", "")
        listed = listing.list_rows(
            page.model, request.user, sort=sort, shape=page.shape, narrow=page.narrow, action=page.action,
            cursor=request.GET.get("after", ""),
            size=min(int(size), LARGEST_PAGE) if size.isdigit() and int(size) else listing.PAGE,
        )
        audit.read(None, by=request.user, route=request.resolver_match.view_name, action="listed")
        rows = self.serializer_class(listed.rows, many=True, context={"user": request.user}).data
        return Response({"rows": rows, "next": listed.next_cursor, "previous": listed.previous_cursor})


def act_view(page_class: type[FormPage] | type[ActPage]) -> Any:
    """The API view of one verb."""
    name = f"Api{page_class.__name__}"
    return type(name, (Act,), {"page_class": page_class, "__doc__": page_class.__doc__}).as_view()


def form_data(body: Any) -> QueryDict:
    """A JSON object as a form body: lists are repeated values, lists of objects are the rows of a formset."""
    if not isinstance(body, Mapping):
        raise exceptions.ParseError(_("Send a JSON object."))
    data = QueryDict(mutable=True)
    for name, value in body.items():
        if isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
            data[f"{name}-TOTAL_FORMS"], data[f"{name}-INITIAL_FORMS"] = str(len(value)), "0"
            for number, item in enumerate(value):
                for inner, content in item.items():
                    _put(data, f"{name}-{number}-{inner}", content)
        else:
            _put(data, name, value)
    return data


def _put(data: QueryDict, name: str, value: Any) -> None:
    if value is None or value is False:
        return
    if isinstance(value, list):
        data.setlist(name, [str(item) for item in value])
    elif isinstance(value, Mapping):
        raise exceptions.ParseError(_("%(name)s must not be an object.") % {"name": name})
    else:
        data[name] = "on" if value is True else str(value)


def form_errors(form: Any) -> dict[str, Any]:
    """Every error of a form and its formsets by field, in the words of the page."""
    found: dict[str, Any] = {name: [str(error) for error in errors] for name, errors in form.errors.items()}
    for prefix, formset in getattr(form, "formsets", {}).items():
        for number, errors in enumerate(formset.errors):
            found.update({f"{prefix}-{number}-{name}": [str(error) for error in each] for name, each in errors.items()})
        if formset.non_form_errors():
            found[prefix] = [str(error) for error in formset.non_form_errors()]
    return {"code": "invalid", "message": _("Some of what was sent is not right. See the fields."), "fields": found}


def exception_handler(error: Exception, context: Mapping[str, Any]) -> Response | None:
    """Refusals of the domain in the same words and statuses as on the pages."""
    if isinstance(error, DomainError):
        request = context["request"]
        if error.status in (403, 404):
            audit.read(
                None, by=request.user, route=request.resolver_match.view_name, outcome="refused", detail=error.code
            )
        body: dict[str, Any] = {"code": error.code, "message": str(error.message)}
        if isinstance(error, Blocked):
            body["fields"] = {}
            for name, sentence in error.blockers:
                body["fields"].setdefault(name or "", []).append(str(sentence))
        elif error.field:
            body["fields"] = {error.field: [str(error.message)]}
        if isinstance(error, Stale):
            body["theirs"] = {name: str(value) for name, value in error.theirs.items()}
        return Response(body, status=error.status)
    response = default_handler(error, dict(context))
    if response is not None:
        detail = response.data.get("detail", "") if isinstance(response.data, dict) else ""
        response.data = {"code": getattr(detail, "code", "error"), "message": str(detail)}
    return response
