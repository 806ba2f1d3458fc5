"""The cast: two of everything, so that whoever has the right role in the wrong place is always there to be refused."""
from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from cases.models import Case
from cases.services.opening import accept_referral
from referrals.models import Referral
from referrals.services import approve_referral, draft_referral, edit_referral, submit_referral
from socialwork.access.roles import Family, Role
from socialwork.accounts.models import Certificate, StaffRecord, User
from socialwork.organisations.models import (
    Agreement,
    AgreementParty,
    AgreementService,
    AgreementVersion,
    District,
    Organisation,
)
from socialwork.people.models import Juvenile
from socialwork.people.services import register_juvenile

PASSWORD = "correct horse battery"
EAST, WEST = "110105", "310104"
SERVICES = ("social_investigation", "guidance", "psych_counselling", "family_education", "appropriate_adult")


def organisation(name: str, kind: str, family: Family, district: str, **more: Any) -> Organisation:
    place = District.objects.get(pk=district)
    return Organisation.objects.create(
        name=name, short_name=name, kind=kind, family=family, district=place, province_code=place.province_code,
        letter_prefix=more.pop("letter_prefix", name[:2]), **more,
    )


def person(login: str, name: str, home: Organisation, *roles: Role, **more: Any) -> User:
    user = User(login=login, name=name, organisation=home, roles=[str(role) for role in roles], **more)
    user.set_unusable_password()
    user.save()
    if home.family == Family.AGENCY:
        today = timezone.localdate()
        staff = StaffRecord.objects.create(
            user=user, sex="female", background_check_on=today - dt.timedelta(days=30),
            undertaking_on=today - dt.timedelta(days=60), legal_training_on=today - dt.timedelta(days=60),
        )
        kind = "counsellor_2" if Role.COUNSELLOR in roles else "social_worker"
        Certificate.objects.create(staff=staff, kind=kind, issued_on=today - dt.timedelta(days=900))
    return user


def agreement(number: str, agency: Organisation, *organs: Organisation, signer: User, area: str, **more: Any) -> Agreement:
    today = timezone.localdate()
    starts, ends = more.pop("starts_on", today - dt.timedelta(days=200)), more.pop("ends_on", today + dt.timedelta(days=165))
    row = Agreement.objects.create(
        number=number, title=number, agency=agency, district_id=area, state=more.pop("state", "active"), starts_on=starts,
        ends_on=ends, access_until=more.pop("access_until", ends + dt.timedelta(days=30)), signed_at=timezone.now(),
        signed_by=signer, **more,
    )
    for organ in organs:
        AgreementParty.objects.create(agreement=row, organ=organ)
    version = AgreementVersion.objects.create(
        agreement=row, number=1, valid_from=starts, starts_on=starts, ends_on=ends, area=[area], made_by=signer
    )
    for service in SERVICES:
        AgreementService.objects.create(version=version, service_type=service, quota=20, unit="per_case", unit_price=800)
    return row


@dataclass
class World:
    """People and organisations by name; matters in every state are made on demand by the functions below."""

    organisations: dict[str, Organisation] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)
    agreements: dict[str, Agreement] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        for shelf in ("people", "organisations", "agreements"):
            found = self.__dict__.get(shelf, {})
            if name in found:
                return found[name]
        raise AttributeError(name)


def build_world() -> World:
    """Two procuratorates, three agencies, two districts, and everybody of the cast but the anonymous."""
    world = World()
    places = world.organisations
    places["east_court"] = organisation("东湖区检察院", "procuratorate_county", Family.ORGAN, EAST, letter_prefix="东检未委")
    places["west_court"] = organisation("西山区检察院", "procuratorate_county", Family.ORGAN, WEST, letter_prefix="西检未委")
    places["east_agency"] = organisation("启航社工中心", "agency_service_org", Family.AGENCY, EAST, letter_prefix="启航社")
    places["west_agency"] = organisation("同行社工中心", "agency_service_org", Family.AGENCY, WEST, letter_prefix="同行社")
    places["former_agency"] = organisation("旧约社工中心", "agency_service_org", Family.AGENCY, EAST, letter_prefix="旧约社")
    places["east_bureau"] = organisation("东湖区民政局", "civil_affairs", Family.CIVIL_AFFAIRS, EAST)
    places["west_bureau"] = organisation("西山区民政局", "civil_affairs", Family.CIVIL_AFFAIRS, WEST)
    places["operator"] = organisation("运行维护中心", "public_institution", Family.OPERATOR, EAST)
    cast: dict[str, tuple[str, str, tuple[Role, ...]]] = {
        "prosecutor": ("方检察官", "east_court", (Role.PROSECUTOR,)),
        "colleague": ("邓检察官", "east_court", (Role.PROSECUTOR,)),
        "clerk": ("秦书记员", "east_court", (Role.CLERK,)),
        "unit_head": ("罗主任", "east_court", (Role.UNIT_HEAD,)),
        "prosecutor_elsewhere": ("薛检察官", "west_court", (Role.PROSECUTOR,)),
        "unit_head_elsewhere": ("闵主任", "west_court", (Role.UNIT_HEAD,)),
        "intake": ("莫接案", "east_agency", (Role.AGENCY_INTAKE,)),
        "manager": ("傅总干事", "east_agency", (Role.AGENCY_MANAGER,)),
        "worker": ("叶社工", "east_agency", (Role.SOCIAL_WORKER,)),
        "second": ("舒社工", "east_agency", (Role.SOCIAL_WORKER,)),
        "unassigned": ("裴社工", "east_agency", (Role.SOCIAL_WORKER,)),
        "former_worker": ("霍社工", "east_agency", (Role.SOCIAL_WORKER,)),
        "counsellor": ("祝咨询师", "east_agency", (Role.COUNSELLOR,)),
        "supervisor": ("戚督导", "east_agency", (Role.SUPERVISOR,)),
        "supervisor_elsewhere": ("仲督导", "west_agency", (Role.SUPERVISOR,)),
        "worker_elsewhere": ("桑社工", "west_agency", (Role.SOCIAL_WORKER,)),
        "manager_elsewhere": ("柴总干事", "west_agency", (Role.AGENCY_MANAGER,)),
        "intake_of_former": ("尤接案", "former_agency", (Role.AGENCY_INTAKE,)),
        "worker_of_former": ("左社工", "former_agency", (Role.SOCIAL_WORKER,)),
        "civil_affairs": ("尹科长", "east_bureau", (Role.CIVIL_AFFAIRS_OFFICER,)),
        "civil_affairs_elsewhere": ("季科长", "west_bureau", (Role.CIVIL_AFFAIRS_OFFICER,)),
        "organ_admin": ("宋管理员", "east_court", (Role.ORGAN_ADMIN,)),
        "auditor": ("车审计", "east_court", (Role.AUDITOR,)),
        "operator_person": ("纪运维", "operator", (Role.SYSTEM_OPERATOR,)),
        "suspended": ("项社工", "east_agency", (Role.SOCIAL_WORKER,)),
    }
    for login, (name, home, roles) in cast.items():
        world.people[login] = person(login, name, places[home], *roles, is_active=login != "suspended")
    signer = world.people["unit_head"]
    world.agreements["east_agreement"] = agreement(
        "东检社协〔2026〕1号", places["east_agency"], places["east_court"], signer=signer, area=EAST
    )
    world.agreements["west_agreement"] = agreement(
        "西检社协〔2026〕1号", places["west_agency"], places["west_court"], signer=world.people["unit_head_elsewhere"], area=WEST
    )
    today = timezone.localdate()
    world.agreements["former_agreement"] = agreement(
        "东检社协〔2024〕9号", places["former_agency"], places["east_court"], signer=signer, area=EAST,
        starts_on=today - dt.timedelta(days=700), ends_on=today - dt.timedelta(days=335),
    )
    return world


def child(world: World, by: str = "prosecutor", name: str = "林小舟", **identity: Any) -> Juvenile:
    born = timezone.localdate() - dt.timedelta(days=int(15.6 * 365.25))
    text = {"name": name, "birth_on": born.isoformat(), "phone": "10012345678", "address": "东湖区某路一号", **identity}
    return register_juvenile(
        by=world.people[by], at=timezone.now(), sex="male", identity=text,
        guardians=[{"relation": "father", "flags": ["legal_representative"], "name": "林大山", "phone": "10087654321"}],
    )


def draft(world: World, by: str = "prosecutor", **more: Any) -> Referral:
    return draft_referral(by=world.people[by], at=timezone.now(), juvenile=more.pop("juvenile", None) or child(world, by))


def filled(world: World, by: str = "prosecutor", services: tuple[str, ...] = ("social_investigation",), **fields: Any) -> Referral:
    """A draft with everything that submitting needs."""
    row = draft(world, by, juvenile=fields.pop("juvenile", None))
    side = "east" if world.people[by].organisation == world.organisations["east_court"] else "west"
    today = timezone.localdate()
    values = {
        "subject_type": "juvenile_suspect", "stage": "prosecution_review", "custody": "bail", "charge": "snatching",
        "offence_on": today - dt.timedelta(days=40), "urgency": "routine", "district": row.organ.district,
        "agency": world.organisations[f"{side}_agency"], "agreement": world.agreements[f"{side}_agreement"],
        "due_on": today + dt.timedelta(days=15), "due_rule": "D2b", **fields,
    }
    return edit_referral(
        referral=row, by=world.people[by], at=timezone.now(), version=row.version, fields=values,
        services=dict.fromkeys(services, 1),
        paragraphs=[
            ("facts", "与同学夜间骑行时夺取路人挎包，次日由家长陪同到案。", True),
            ("risk", "同案人员姓名仅供检察机关掌握。", False),
            ("request", "了解成长经历、监护条件与帮教可能。", True),
        ],
    )


def submitted(world: World, by: str = "prosecutor", **fields: Any) -> Referral:
    return submit_referral(referral=filled(world, by, **fields), by=world.people[by], at=timezone.now())


def issued(world: World, by: str = "prosecutor", **fields: Any) -> Referral:
    head = "unit_head" if by != "prosecutor_elsewhere" else "unit_head_elsewhere"
    return approve_referral(referral=submitted(world, by, **fields), by=world.people[head], at=timezone.now())


def opened(world: World, **fields: Any) -> Case:
    """An accepted referral with its case: worker and second, supervised, with a counsellor."""
    people = world.people
    return accept_referral(
        referral=issued(world, **fields), by=people["intake"], at=timezone.now(), lead=people["worker"],
        second=people["second"], supervisor=people["supervisor"], counsellor=people["counsellor"],
    )
