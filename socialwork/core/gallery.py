"""The gallery: every part of the interface kit with invented data, in every state. It reads and writes nothing."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

SAMPLES = Path(__file__).with_name("gallery.json")
PARTS = {
    "parts": pgettext_lazy("sample", "Display"),
    "today": pgettext_lazy("sample", "A start page"),
    "case": pgettext_lazy("sample", "A page with parts"),
    "form": pgettext_lazy("sample", "A form"),
    "form-errors": pgettext_lazy("sample", "A form with errors"),
    "review": pgettext_lazy("sample", "Review"),
    "confirm": pgettext_lazy("sample", "Confirmation"),
}


@cache
def samples() -> dict[str, Any]:
    """The invented data, as presenters would prepare it."""
    return json.loads(SAMPLES.read_text(encoding="utf-8"))


def districts() -> list[tuple[str, str]]:
    """Choices of a list long enough to be searched."""
    return [("", _("— choose —")), *((row["code"], row["name"]) for row in samples()["districts"])]


class SampleVisit(forms.Form):
    """One of every control the product uses."""

    on = forms.DateField(
        label=pgettext_lazy("sample", "Date of the visit"),
        help_text=pgettext_lazy("sample", "Today is filled in; change it if you write this later."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    at = forms.TimeField(
        label=pgettext_lazy("sample", "Start time"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    way = forms.ChoiceField(
        label=pgettext_lazy("sample", "Way of contact"),
        choices=[
            ("home", pgettext_lazy("sample", "Home visit")),
            ("talk", pgettext_lazy("sample", "Talk in the office")),
            ("phone", pgettext_lazy("sample", "Telephone")),
        ],
        widget=forms.RadioSelect(attrs={"data-chips": True}),
    )
    number = forms.CharField(
        label=pgettext_lazy("sample", "Number called"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"data-depends-on": "way=phone", "inputmode": "tel", "autocomplete": "off"}),
    )
    goals = forms.MultipleChoiceField(
        label=pgettext_lazy("sample", "Goals touched"),
        required=False,
        help_text=pgettext_lazy("sample", "Choose all that were spoken about."),
        choices=[
            ("school", pgettext_lazy("sample", "Back to school")),
            ("family", pgettext_lazy("sample", "Talk with the parents")),
            ("rest", pgettext_lazy("sample", "Sleep and rest")),
            ("long", pgettext_lazy("sample", "A goal as people write it: one whole sentence, longer than a phone is wide")),
        ],
        widget=forms.CheckboxSelectMultiple(attrs={"data-chips": True}),
    )
    place = forms.ChoiceField(
        label=pgettext_lazy("sample", "District"),
        choices=districts,
        help_text=pgettext_lazy("sample", "Part of the name is enough."),
        widget=forms.Select(attrs={"data-searchable": True}),
    )
    text = forms.CharField(
        label=pgettext_lazy("sample", "What happened"),
        max_length=500,
        help_text=pgettext_lazy("sample", "What was seen and said. No ID number and no address here."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    papers = forms.FileField(
        label=pgettext_lazy("sample", "Attachment"),
        required=False,
        help_text=pgettext_lazy("sample", "PDF or picture, at most 20 MB."),
    )
    told = forms.BooleanField(label=pgettext_lazy("sample", "Tell the prosecutor today"), required=False)


class SampleParticipant(forms.Form):
    """One row of a formset."""

    name = forms.CharField(label=pgettext_lazy("sample", "Name"), max_length=50)
    relation = forms.ChoiceField(
        label=pgettext_lazy("sample", "Relation"),
        choices=[
            ("mother", pgettext_lazy("sample", "Mother")),
            ("father", pgettext_lazy("sample", "Father")),
            ("teacher", pgettext_lazy("sample", "Teacher")),
        ],
    )


class SampleReason(forms.Form):
    """The reason that a step which cannot be taken back asks for."""

    reason = forms.CharField(
        label=pgettext_lazy("sample", "Reason"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


Participants = forms.formset_factory(SampleParticipant, extra=1, max_num=5, can_delete=True)
SECTIONS = [
    {
        "title": pgettext_lazy("sample", "When and where"),
        "id": "step-when",
        "fields": ["on", "at", "way", "number", "place"],
    },
    {"title": pgettext_lazy("sample", "What happened"), "id": "step-what", "fields": ["goals", "text", "papers"]},
    {"title": pgettext_lazy("sample", "What follows"), "id": "step-next", "fields": ["told"], "formsets": ["person"]},
]


def with_added_row(data: QueryDict) -> QueryDict:
    """What was posted, with one more row in the formset that the "add" button names; nothing is checked or lost."""
    prefix = data.get("_add", "")
    field = f"{prefix}-TOTAL_FORMS"
    total = str(data.get(field, ""))
    if not prefix or not total.isdigit():
        return data
    grown = data.copy()
    grown[field] = str(int(total) + 1)
    return grown


def _autosave(request: HttpRequest) -> HttpResponse:
    """Answers like a draft service, without keeping anything; `simulate` asks for one of the unhappy answers."""
    wish = request.GET.get("simulate", "")
    if request.method == "GET":
        return JsonResponse({"csrf": get_token(request)})
    if wish == "signed-out":
        return JsonResponse({}, status=401)
    if wish == "conflict" and request.POST.get("_seen") != "2":
        return JsonResponse({"theirs": samples()["theirs"], "seen": "2"}, status=409)
    return JsonResponse({"saved_at": timezone.localtime().strftime("%H:%M"), "seen": "1"})


def _form_context(request: HttpRequest, part: str) -> dict[str, Any]:
    """The forms of a part: fresh, with errors, or as posted."""
    data = None
    if request.method == "POST":
        data = with_added_row(request.POST)
    elif part == "form-errors":
        data = QueryDict(mutable=True)
        wrong = {"text": "x" * 501, "person-TOTAL_FORMS": "1", "person-INITIAL_FORMS": "0", "person-0-relation": "x"}
        data.update(wrong)
    initial = {"on": timezone.localdate()}
    form = SampleVisit(data, request.FILES or None, initial=initial)
    formset = Participants(data, prefix="person")
    if data is not None and "_add" not in data:
        form.is_valid()
        formset.is_valid()
    else:
        form = SampleVisit(initial=initial if data is None else data.dict() | {"goals": data.getlist("goals")})
    title = {
        "formset": formset,
        "title": pgettext_lazy("sample", "Who was there"),
        "add_label": pgettext_lazy("sample", "Add another person"),
        "hint": "",
    }
    return {
        "form": form,
        "formsets": [title],
        "sections": SECTIONS,
        "key": "gallery",
        "version": 1,
        "seen": "1",
        "saved_at": "14:05",
        "autosave_url": f"{request.path}?autosave&simulate={request.GET.get('simulate', '')}",
        "cancel_url": request.path,
        "also": [{"label": pgettext_lazy("sample", "Save and log another"), "name": "_then", "value": "again"}],
    }


def gallery(request: HttpRequest) -> HttpResponse:
    """`/gallery/`: `?part=` chooses what is shown."""
    if "autosave" in request.GET:
        return _autosave(request)
    part = request.GET.get("part", "parts")
    part = part if part in PARTS else "parts"
    context = {
        "part": part,
        "gallery_chips": [
            {"label": label, "url": f"?part={name}", "active": name == part, "count": None}
            for name, label in PARTS.items()
        ],
        "sample": samples(),
        "reason_form": SampleReason(),
        **_form_context(request, part),
    }
    return render(request, "core/gallery.html", context)
