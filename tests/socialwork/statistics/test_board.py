"""The page: each role its own scope, exact before and after folding, small numbers withheld from those who do not own them."""
from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from referrals.models import Referral
from socialwork.access import api, listing
from socialwork.statistics import measures, services
from socialwork.statistics.figures import figures
from socialwork.statistics.forms import ask
from socialwork.statistics.models import Delta
from tests import cast
from tests.factories import occasions, records, story

BOARD = "statistics:board"
SUBJECTS = ("referrals", "services", "timeliness", "outcomes")


def much(world, **amounts):
    """So many referrals of this month in the east, all for the social investigation, by where they stand."""
    referral = cast.issued(world)
    month = measures.month_of(referral.issued_at)
    services.append(
        referral_id=referral.pk,
        steps=[measures.Step("referrals", detail, amount, month) for detail, amount in amounts.items()],
    )


def shown(client, **query):
    return client.get(reverse(BOARD), query)


def totals(page, table=0):
    """The numbers of the last row by column."""
    found = page.context["tables"][table]
    cells = [cell["text"] if isinstance(cell, dict) else cell for cell in found["total"]["cells"]]
    return dict(zip([str(column) for column in found["columns"][1:]], cells, strict=True))


def test_each_role_sees_its_own_scope(world, sign_in):
    cast.opened(world)
    cast.issued(world)
    cast.issued(world, "prosecutor_elsewhere")
    seen = {name: totals(shown(sign_in(world.people[name]))) for name in ("unit_head", "manager", "unit_head_elsewhere")}
    assert seen["unit_head"] == seen["manager"]
    assert (seen["unit_head"]["发出"], seen["unit_head"]["在办"], seen["unit_head"]["待机构答复"]) == ("2", "1", "1")
    assert seen["unit_head_elsewhere"]["发出"] == "1"


def test_nobody_else_has_such_a_page(world, sign_in):
    for name in ("prosecutor", "intake", "worker", "auditor", "operator_person", "organ_admin", "supervisor"):
        assert shown(sign_in(world.people[name])).status_code == 404


@pytest.mark.parametrize("subject", SUBJECTS)
@pytest.mark.parametrize("by", ["month", "district", "service"])
def test_the_page_is_the_same_before_and_after_folding(world, sign_in, subject, by):
    records.closed(world)
    occasions.contact(world, cast.opened(world, services=("social_investigation", "guidance")))
    client = sign_in(world.unit_head)
    assert Delta.objects.exists()
    before = shown(client, subject=subject, by=by).context["tables"]
    services.fold()
    assert not Delta.objects.exists()
    assert shown(client, subject=subject, by=by).context["tables"] == before
    assert any(row["cells"] for row in before[0]["rows"])


def test_by_service_a_matter_stands_in_each_of_its_services_and_once_in_the_total(world, sign_in):
    cast.opened(world, services=("social_investigation", "guidance"))
    cast.issued(world)
    page = shown(sign_in(world.unit_head), by="service")
    rows = {row["label"]: row["cells"][-1]["text"] for row in page.context["tables"][0]["rows"]}
    assert rows == {"社会调查": "2", "观护帮教": "1"}
    assert totals(page)["发出"] == "2"
    assert totals(shown(sign_in(world.unit_head), service="guidance"))["发出"] == "1"


def test_a_month_in_which_nothing_happened_stands_there(world, sign_in):
    cast.issued(world)
    month = timezone.localdate().strftime("%Y-%m")
    page = shown(sign_in(world.unit_head), since="2020-01", until="2020-03")
    assert totals(page)["发出"] == "0" and len(page.context["tables"][0]["rows"]) == 3
    assert totals(shown(sign_in(world.unit_head), since=month, until=month))["发出"] == "1"


@pytest.mark.parametrize("query", [
    {"since": "never", "until": "2026-13"}, {"subject": "x", "by": "y"}, {"district": "999999", "service": "x"}, {"since": "0001-01"},
    {"since": "2030-01", "until": "2020-01"}, {"year": "1066"}, {"year": "x"},
])
def test_what_cannot_be_read_is_not_asked(world, sign_in, query):
    for name in ("unit_head", "civil_affairs"):
        assert shown(sign_in(world.people[name]), **query).status_code == 200


def test_every_number_of_an_owner_leads_to_as_many_rows(world, sign_in):
    told = story.tell(world)
    assert told
    for reader in (world.unit_head, world.unit_head_elsewhere):
        client = sign_in(reader)
        found = 0
        for subject, by in (("referrals", "month"), ("referrals", "service"), ("referrals", "district"), ("outcomes", "month")):
            page = shown(client, subject=subject, by=by)
            for table in page.context["tables"]:
                for row in [*table["rows"], table["total"]]:
                    for cell in row["cells"]:
                        if isinstance(cell, dict):
                            listed = client.get(cell["url"]).context
                            assert len(listed["listed"].rows) == int(cell["text"]), (cell, row["label"])
                            found += 1
        assert found > 3


def test_where_a_referral_stands_is_counted_and_listed_alike(world):
    from cases.states import ENDED
    from referrals.filters import ENDED_CASES, STANDINGS

    assert set(ENDED_CASES) == {str(state) for state in ENDED}
    assert set(STANDINGS) - {"accepted"} == set(measures.STANDINGS)
    story.tell(world)
    sent = Referral.objects.filter(issued_at__isnull=False)
    parts = [set(sent.filter(rows).values_list("pk", flat=True)) for code, (_label, rows) in STANDINGS.items() if code != "accepted"]
    assert sum(len(part) for part in parts) == len(set().union(*parts)) == sent.count()


def test_civil_affairs_sees_no_small_number_and_no_child(world, sign_in):
    case = cast.opened(world)
    client = sign_in(world.civil_affairs)
    for subject in SUBJECTS:
        page = shown(client, subject=subject)
        cells = {str(cell) for table in page.context["tables"] for row in [*table["rows"], table["total"]] for cell in row["cells"]}
        assert cells <= {"<5", "*", ""}
        for secret in ("林小舟", case.juvenile.code, case.number, case.referral.number):
            assert secret not in page.content.decode()
        assert not re.search(r'href="/(referrals|cases|received)', page.content.decode().split("<main")[1])


def test_civil_affairs_counts_the_agencies_of_its_district_only(world, sign_in):
    much(world, waiting=39, running=30, closed=20, ended=11, declined=9, withdrawn=8, transferred=7)
    cast.issued(world, "prosecutor_elsewhere")
    page = shown(sign_in(world.civil_affairs))
    assert totals(page)["发出"] == "125" and totals(page)["在办"] == "30"
    assert len(page.context["tables"][0]["rows"]) == timezone.localdate().month
    labels = [row["label"] for row in page.context["tables"][1]["rows"]]
    assert any(label.startswith("启航社工中心") for label in labels) and not any("同行社工中心" in label for label in labels)


def test_rows_and_columns_do_not_tell_that_something_happened(world, sign_in):
    def frame():
        page = shown(sign_in(world.civil_affairs), subject="outcomes")
        return [(table["columns"], [row["label"] for row in table["rows"]]) for table in page.context["tables"]]

    before = frame()
    records.closed(world)
    assert frame() == before


def test_civil_affairs_opens_no_matter_of_a_child(world, sign_in):
    case = cast.opened(world)
    client = sign_in(world.civil_affairs)
    for row in (case, case.referral, case.juvenile):
        assert not api.can(world.civil_affairs, "view", row)
        assert client.get(row.get_absolute_url()).status_code == 404
        assert listing.row_ids(type(row), world.civil_affairs) == []


def test_places_and_prices_of_an_agreement_are_the_parties_own(world, sign_in):
    cast.opened(world)
    address = reverse("organisations:agreement", args=[world.east_agreement.pk])
    seen = {name: sign_in(world.people[name]).get(address).context["services"] for name in ("civil_affairs", "manager", "intake")}
    assert len(seen["civil_affairs"]["columns"]) == 2
    assert len(seen["manager"]["columns"]) == 8
    assert len(seen["intake"]["columns"]) == 6


def test_the_chart_shows_what_the_table_shows(world, sign_in):
    for _number in range(6):
        cast.issued(world)
    chart = shown(sign_in(world.unit_head)).context["chart"]
    waiting = next(series for series in chart["series"] if series["label"] == "待机构答复")
    assert sum(waiting["data"]) == 6 and len(chart["labels"]) == 12
    much(world, running=30)
    chart = shown(sign_in(world.civil_affairs)).context["chart"] or {"series": []}
    assert {value for each in chart["series"] for value in each["data"]} <= {None, 7, 30}


@pytest.mark.parametrize("name", ["unit_head", "civil_affairs"])
def test_the_file_holds_the_same_numbers(world, name):
    from io import BytesIO

    import openpyxl

    from socialwork.exporting import kinds

    much(world, waiting=39, running=30, closed=20, ended=11, declined=9, withdrawn=8, transferred=3)
    reader = world.people[name]
    kind = kinds.kind_of("statistics")
    content, rows = kind.write(reader, kinds.filters_of(""), ["用途：测试"], lambda done: None)
    assert rows == kind.count(reader, kinds.filters_of("")) > 12
    sheet = openpyxl.load_workbook(BytesIO(content)).active
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    numbers = {cell for cell in cells if isinstance(cell, int)}
    assert numbers >= {40, 30, 20}
    if name == "civil_affairs":
        assert min(numbers) >= 5 and {"<5", "*"} <= set(cells)
    else:
        assert {0, 3} <= numbers and not {"<5", "*"} & set(cells)


def test_figures_ask_once_for_the_numbers(world, django_assert_num_queries):
    cast.opened(world)
    with django_assert_num_queries(2):
        figures(world.unit_head, ask(world.unit_head, {}, today=timezone.localdate()).chosen(), today=timezone.localdate())
