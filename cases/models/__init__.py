"""The agency's work on one child: the case, its people, plans, records, reports, reviews, and its end."""
from cases.models.assigning import Assignment, Case, HandOver
from cases.models.closing import CaseDecision, Evaluation, FollowUp
from cases.models.filing import FiledDocument
from cases.models.monthly import MonthlyReport
from cases.models.planning import Assessment, DomainRating, Plan, PlanActivity, PlanGoal
from cases.models.recording import Amendment, CounsellingNote, RecordGoal, ServiceRecord
from cases.models.reporting import Finding, FindingSource, Report, ReportSection, SectionText
from cases.models.reviewing import ReportResponse, ReviewComment, SectionResponse, SectionReview

__all__ = [
    "Amendment", "Assessment", "Assignment", "Case", "CaseDecision", "CounsellingNote", "DomainRating",
    "Evaluation", "FiledDocument", "Finding", "FindingSource", "FollowUp", "HandOver", "MonthlyReport", "Plan", "PlanActivity", "PlanGoal",
    "RecordGoal", "Report", "ReportResponse", "ReportSection", "ReviewComment", "SectionResponse", "SectionReview",
    "SectionText", "ServiceRecord",
]
