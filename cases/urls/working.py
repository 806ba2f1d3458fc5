from django.urls import path

from cases.views import team, working

urlpatterns = [
    path("cases/", working.CaseList.as_view(), name="list"),
    path("cases/team/", team.Team.as_view(), name="team"),
    path("cases/<uuid:id>/", working.CaseDetail.as_view(), name="detail"),
    path("cases/<uuid:id>/records/", working.CaseRecords.as_view(), name="records"),
    path("cases/<uuid:id>/documents/", working.CaseDocuments.as_view(), name="documents"),
    path("cases/<uuid:id>/documents/<uuid:file>/", working.CaseDocument.as_view(), name="document"),
    path("cases/<uuid:id>/people/", working.CasePeople.as_view(), name="people"),
    path("cases/<uuid:id>/history/", working.CaseHistory.as_view(), name="history"),
    path("records/<uuid:id>/", working.Record.as_view(), name="record"),
]
