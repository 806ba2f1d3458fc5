"""The address the autosave script writes to. A draft belongs to its author alone."""
from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.views import View

from socialwork.access.views import FormPage, local_time
from socialwork.core.drafts import NewerText, Saved, save_draft
from socialwork.core.idempotency import parse_key
from socialwork.core.models import IdempotencyKey


class SaveDraft(View):
    """POST keeps the form body; GET hands out a fresh token after a new sign-in (contract: docs/interface.md)."""

    def get(self, request: HttpRequest, form: str, id: UUID) -> JsonResponse:
        return JsonResponse({"csrf": get_token(request)})

    def post(self, request: HttpRequest, form: str, id: UUID) -> JsonResponse:
        page = FormPage.by_verb.get(form)
        if page is None or not page.autosaves:
            return JsonResponse({"code": "not_found"}, status=404)
        if not page.may_keep(request.user, id):
            return JsonResponse({"code": "not_found"}, status=404)
        key = parse_key(request.POST.get("_key", ""))
        if key and IdempotencyKey.objects.filter(user=request.user, key=key).exists():
            # A late save must not bring a finished draft back.
            return JsonResponse({"saved_at": "", "seen": ""})
        try:
            saved = save_draft(
                user=request.user, form=form, object_id=id, body=request.POST, tab=request.POST.get("_tab", ""),
                seen=request.POST.get("_seen", ""), order=number(request.POST.get("_order", "")),
            )
        except NewerText as newer:
            return JsonResponse({"theirs": theirs(newer.saved), "seen": newer.saved.saved_at.isoformat()}, status=409)
        except ValueError:
            return JsonResponse({"code": "too_large"}, status=413)
        return JsonResponse({"saved_at": local_time(saved.saved_at), "seen": saved.saved_at.isoformat()})


def number(text: str) -> int:
    """The count of a tab's saves; 0, which orders nothing, for what is no count."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0


def theirs(saved: Saved) -> dict[str, object]:
    return {
        name: values if len(values) > 1 else values[0] if values else ""
        for name, values in ((name, saved.data.getlist(name)) for name in saved.data)
    }
