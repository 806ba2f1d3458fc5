"""Builders of the shipped Word templates; ``manage.py build_letter_templates`` writes their files."""
from collections.abc import Callable

from docx.document import Document as DocumentObject

from socialwork.core.letter_templates import (
    acknowledgement,
    closing_report,
    consent_form,
    evaluation_form,
    handover_package,
    investigation_report,
    monthly_report,
    referral_letter,
)

BUILDERS: dict[str, Callable[[], DocumentObject]] = {
    "referral_letter": referral_letter.build,
    "acknowledgement": acknowledgement.build,
    "investigation_report": investigation_report.build,
    "evaluation_form": evaluation_form.build,
    "closing_report": closing_report.build,
    "monthly_report": monthly_report.build,
    "handover_package": handover_package.build,
    "consent_form": consent_form.build,
}
