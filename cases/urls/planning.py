from django.urls import path

from cases.views import planning

urlpatterns = [
    path("cases/<uuid:id>/plan/", planning.CasePlan.as_view(), name="plan"),
    path("cases/<uuid:id>/assess-case/", planning.AssessCase.as_view(), name="assess_case"),
    path("cases/<uuid:id>/write-plan/", planning.WritePlan.as_view(), name="write_plan"),
    path("assessments/<uuid:id>/confirm-assessment/", planning.ConfirmAssessment.as_view(), name="confirm_assessment"),
    path("plans/<uuid:id>/propose-plan/", planning.ProposePlan.as_view(), name="propose_plan"),
    path("plans/<uuid:id>/adopt-plan/", planning.AdoptPlan.as_view(), name="adopt_plan"),
    path("plans/<uuid:id>/approve-plan/", planning.ApprovePlan.as_view(), name="approve_plan"),
    path("plans/<uuid:id>/return-plan/", planning.ReturnPlan.as_view(), name="return_plan"),
]
