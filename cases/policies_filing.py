"""Who reads the papers filed on a case: whoever may see the case and know names, for a scan bears them.

Filing is an act on the case (policies.CasePolicy).
"""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from cases.models import FiledDocument
from cases.policies import case_grounds, people_of
from socialwork.access.policy import Ground, Policy, register
from socialwork.people.policies import knows_names


@register
class FiledDocumentPolicy(Policy):
    model = FiledDocument

    def view(self, user: Any) -> Sequence[Ground]:
        return case_grounds(user, "case__") if knows_names(user) else ()

    def audience(self, row: FiledDocument) -> QuerySet:
        return people_of(row.case)
