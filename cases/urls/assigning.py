from django.urls import path

from cases.views import assigning

urlpatterns = [
    path("referrals/<uuid:id>/accept-referral/", assigning.AcceptReferral.as_view(), name="accept_referral"),
    path("cases/<uuid:id>/assign-staff/", assigning.AssignStaff.as_view(), name="assign_staff"),
    path("cases/<uuid:id>/reassign-case/", assigning.ReassignCase.as_view(), name="reassign_case"),
    path("hand-overs/<uuid:id>/accept-handover/", assigning.AcceptHandover.as_view(), name="accept_handover"),
    path("hand-overs/<uuid:id>/withdraw-handover/", assigning.WithdrawHandover.as_view(), name="withdraw_handover"),
]
