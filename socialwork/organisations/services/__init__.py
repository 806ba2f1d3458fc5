"""Verbs on organisations: settings, registry of agencies, agreements."""
from socialwork.organisations.services.admitting import (
    activate_agency,
    admit_agency,
    exit_agency,
    readmit_agency,
    recommend_agency,
    record_inspection,
    suspend_agency,
)
from socialwork.organisations.services.agreeing import (
    change_agreement,
    discard_agreement,
    draft_agreement,
    resume_agreement,
    sign_agreement,
    suspend_agreement,
    terminate_agreement,
)
from socialwork.organisations.services.registering import (
    edit_organisation,
    edit_registration,
    register_agency,
    register_organisation,
    set_caseload_limits,
)

__all__ = [
    "activate_agency", "admit_agency", "change_agreement", "discard_agreement", "draft_agreement", "edit_organisation",
    "edit_registration", "exit_agency", "readmit_agency", "recommend_agency", "record_inspection", "register_agency",
    "register_organisation", "resume_agreement", "set_caseload_limits", "sign_agreement", "suspend_agency",
    "suspend_agreement", "terminate_agreement",
]
