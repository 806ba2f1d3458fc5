# Working play-back of all six stories by the author of the data: turn it into the loader, then delete this file.
from cases.record_kinds import *
from cases.models import *
import datetime as dt, tomllib
from pathlib import Path
from django.utils import timezone
from stdnum.cn import ric
from cases.services.opening import accept_referral
from referrals.models import Referral
from referrals import services as rs
from referrals.services import *
from referrals.services.ending import refer_again, transfer_referral, withdraw_referral
from referrals.services.answering import ask_information, answer_information, decline_referral
from referrals.services.submitting import return_referral
from socialwork.accounts.models import *
from socialwork.organisations.models import *
from socialwork.people.models import Guardian
from socialwork.people.services import register_juvenile, record_consent
import pytest
ROOT=Path('/work/main/fixtures/demo')
def rd(p): return tomllib.loads(p.read_text())
TODAY=None
def D(n): return timezone.localdate()+dt.timedelta(days=n)
def AT(n,t): 
    h,m=map(int,t.split(':')); return timezone.make_aware(dt.datetime.combine(D(n),dt.time(h,m)))
@pytest.mark.django_db
def test_play():
    from django.core.management import call_command; call_command("load_reference", verbosity=0)
    P=rd(ROOT/'people.toml');orgs={};users={}
    for o in P['organisations']:
        d=District.objects.get(pk=o['district'])
        orgs[o['key']]=Organisation.objects.create(name=o['name'],short_name=o['short_name'],kind=o['kind'],family=o['family'],district=d,province_code=d.province_code,credit_code=o['credit_code'],letter_prefix=o.get('letter_prefix',''),address=o['address'],phone=o['phone'],state=o.get('qualification',{}).get('state','active'),assessment_grade=o.get('qualification',{}).get('assessment_grade',''))
    for s in P['staff']:
        u=User(login=s['login'],name=s['name'],organisation=orgs[s['organisation']],roles=s['roles'],phone=s['phone'],is_active=s.get('state')!='suspended');u.set_unusable_password();u.save();users[s['login']]=u
        if 'background_checks' in s:
            r=StaffRecord.objects.create(user=u,sex=s['sex'],functions=s.get('functions',[]),undertaking_on=D(s['undertaking']),legal_training_on=D(s['training']) if 'training' in s else None)
            for c in s.get('certificates',[]): Certificate.objects.create(staff=r,kind=c,issued_on=D(-900))
    for o in P['organisations']:
        q=o.get('qualification')
        for r in (q or {}).get('recommendations',[]): Recommendation.objects.create(agency=orgs[o['key']],bureau=orgs[r['bureau']],letter_number=r['letter_number'],reason=r['reason'],recommended_on=D(r['day']),recommended_by=users[r['by']])
        for r in (q or {}).get('inspections',[]): Inspection.objects.create(agency=orgs[o['key']],bureau=orgs[r['bureau']],inspected_on=D(r['day']),inspected_by=users[r['by']],passed=r['passed'],staffing=r['staffing'],premises=r['premises'],systems=r['systems'],findings=r['findings'])
    agr={}
    for a in P['agreements']:
        row=Agreement.objects.create(number=a['number'],title=a['title'],agency=orgs[a['agency']],district_id=a['district'],state=a['state'],starts_on=D(a['start']),ends_on=D(a['end']),access_until=D(a['end']+a['hand_over_days']),signed_at=AT(a['signed'],'10:00'),signed_by=users[a['signed_by']])
        agr[a['key']]=row
        for c in a['commissioners']: AgreementParty.objects.create(agreement=row,organ=orgs[c])
        for v in a['versions']:
            ver=AgreementVersion.objects.create(agreement=row,number=v['version'],valid_from=D(v['from_day']),starts_on=row.starts_on,ends_on=row.ends_on,area=a['area'],response_hours=v['response_hours'],urgent_response_hours=v['urgent_response_hours'],change_reason=v['reason'],made_by=users[a['signed_by']],kind=a['type'])
            for l in v['services']: AgreementService.objects.create(version=ver,service_type=l['service'],quota=l['quota'],unit=l['unit'],unit_price=l['price'])
    checks={s['login']:s.get('background_checks',[]) for s in P['staff']}
    def staff_at(day):
        for l,c in checks.items():
            past=[x for x in c if x<=day]
            if past: StaffRecord.objects.filter(user=users[l]).update(background_check_on=D(max(past)))
    n=0
    everything=[]
    for p in sorted((ROOT/'stories').glob('*.toml')):
        S=rd(p); 
        for a in S['acts']: everything.append((a['day'],a['time'],S,a))
        S['_kids']={};S['_refs']={};S['_def']={r['key']:r for r in S['referrals']}; S['_ch']={c['key']:c for c in S['children']};S['_g']={}
    for _S in {id(x[2]):x[2] for x in everything}.values():
        for c in _S['consents']: everything.append((c['day'],c['time'],_S,{**c,'verb':'_consent'}))
    everything.sort(key=lambda x:(x[0],x[1]))
    # organisations: quick stories share dicts by identity
    def kid(S,r,by,at):
        k=r['child']
        if k in S['_kids']: return S['_kids'][k]
        c=S['_ch'][k];off=D(c['offence_on']);a=c['age_at_offence'];y,m=off.year-a['years'],off.month-a['months']
        if m<=0:y-=1;m+=12
        born=dt.date(y,m,min(off.day,28))-dt.timedelta(days=3)
        num=c['id']['region']+born.strftime('%Y%m%d')+f"{c['id']['serial']:03d}";num+=ric.calc_check_digit(num)
        j=register_juvenile(by=by,at=at,sex=c['sex'],identity={'name':c['name'],'id_type':'resident_id','id_number':num,'birth_on':born.isoformat(),'phone':c['phone'],'address':c['residence'],'school':c.get('school',''),'grade':c.get('grade',''),'occupation':c.get('employer',''),'health':c['health'],'ethnicity':c['ethnicity'],'household':c['household']},circumstances={'education_status':c['education_status'],'education_level':c['education_level'],'living':c['living'],'parenting':c['parenting']},guardians=[{'relation':g['relation'],'flags':g['flags'],'unavailable_reason':g.get('unavailable_reason',''),'name':g['name'],'phone':g['phone'],'address':g['address'],'occupation':g['job'],'note':g.get('note','')} for g in c['guardians']])
        S['_kids'][k]=j;return j
    def fill(S,r,ref,by,at,first):
        d={**r,**(r.get('first_draft',{}) if first else {})}
        org=orgs[r['organ']]
        live=[a for a in P['agreements'] if a['agency']==r['agency'] and r['organ'] in a['commissioners'] and D(a['start'])<=timezone.localdate(at)<=D(a['end'])]
        want={l['service'] for l in r['services']}
        a=[x for x in live if want<={l['service'] for l in [v for v in x['versions'] if D(v['from_day'])<=timezone.localdate(at)][-1]['services']}][0]
        f=dict(subject_type=r['subject_type'],stage=r['stage'],custody=r['custody'],charge=r.get('charge',''),behaviours=r.get('behaviours',[]),offence_on=D(r['offence_on']),joint_offence=r['joint_offence'],incident=r['incident'],urgency=r['urgency'],district=org.district,agency=orgs[r['agency']],agreement=agr[a['key']],due_on=D(d['time_limit']['due_on']),due_rule=d['time_limit']['rule'])
        ps=[]
        for x in r['facts']:
            y={**x,**(x.get('first_draft',{}) if first else {})};ps.append((x['kind'],y['text'],y['shared']))
        ref.refresh_from_db()
        return edit_referral(referral=ref,by=by,at=at,version=ref.version,fields=f,services={l['service']:1 for l in r['services']},paragraphs=ps,guardians=list(Guardian.objects.filter(juvenile=ref.juvenile)))

    from cases.services import assessing,planning,recording,amending,assigning,closing,ending,reporting,reviewing,responding
    from cases.services.occasions import Occasion,Sequel
    from cases.models.reporting import SECTIONS
    import cases.policies_reports
    from socialwork.people.dossiers import open_dossier
    from socialwork.core.errors import DomainError
    returned=set();case={};rec={};doc={};ho={};ass={};plan={};goals={};errors=[]
    done=0
    def occ(a,by,c=None,row=None):
        row=row or a
        co=[users[w] for w in a.get('workers',[]) if w!=a['by']]
        return Occasion(started_at=AT(a['on'],a['start']),ended_at=AT(a['on'],a['end']),method=a.get('method','face'),place=a.get('place_type','other'),co_worker=co[0] if co else None,outcome=row.get('outcome','on_time'),late_minutes=row.get('late_minutes',0),absence_reason=row.get('absence',{}).get('reason_code',''))
    def play(day,time,S,a):
        v=a['verb'];by=users[a['by']];at=AT(day,time)
        refs=S['_refs']
        if v=='_consent':
            ch=S['_kids'][a['child']];gl=S['_ch'][a['child']]['guardians'];rows=list(Guardian.objects.filter(juvenile=ch).order_by('created_at','id'))
            byrel={}
            for who in a['given_by']:
                g=None;cap='minor'
                if who!='subject':
                    gd=next(x for x in gl if x['key']==who);g=next(x for x in rows if x.relation==gd['relation'])
                    cap='guardian' if 'legal_representative' in gd['flags'] or not a.get('substitute_reason') else 'substitute'
                for k in a['kinds']:
                    record_consent(juvenile=ch,by=by,at=at,kind=k,capacity=cap,guardian=g,given_on=D(day),method=a['method'],text_version=a['text_version'],substitute_reason=a.get('substitute_reason','') if cap=='substitute' else '',note=a.get('note',''))
            return
        if 'referral' in a:
            r=S['_def'][a['referral']];ref=refs.get(a['referral'])
            if ref: ref.refresh_from_db()
            if v=='draft_referral':
                prev=refs.get(r.get('previous'));j=kid(S,r,by,at)
                refs[r['key']]=draft_referral(by=by,at=at,juvenile=j,previous=prev)
            elif v=='refer_again': refs[r['key']]=refer_again(referral=refs[r['previous']],by=by,at=at)
            elif v=='submit_referral':
                fill(S,r,ref,by,at,first=('first_draft' in str(r) and r['key'] not in returned)); ref.refresh_from_db(); submit_referral(referral=ref,by=by,at=at,limit_reason=r['time_limit']['reason'])
            elif v=='return_referral': returned.add(r['key']);return_referral(referral=ref,by=by,at=at,reason=a['reason'])
            elif v=='approve_referral': approve_referral(referral=ref,by=by,at=at,remark=a.get('note',''))
            elif v=='ask_information': ask_information(referral=ref,by=by,at=at,question=a['question'])
            elif v=='answer_information': answer_information(referral=ref,by=by,at=at,answer=a['answer'])
            elif v=='decline_referral': decline_referral(referral=ref,by=by,at=at,reason_code=a['reason_code'],reason=a['reason'])
            elif v=='withdraw_referral': withdraw_referral(referral=ref,by=by,at=at,reason_code=a['reason_code'],reason=a['reason'])
            elif v=='accept_referral':
                staff_at(day); case[(id(S),r['key'])]=accept_referral(referral=ref,by=by,at=at,lead=users[a['lead']],second=users[a['second']],supervisor=users[a['supervisor']],counsellor=users.get(a.get('counsellor')))
            elif v=='transfer_referral':
                c=case[(id(S),a['referral'])];c.refresh_from_db()
                refs[a['to']]=ending.transfer_case(case=c,by=by,at=at,reason_code=a['reason_code'],explanation=a['reason'],legal_ground=a['legal_ground'],done=a['done'],open_matters=a['open_matters'],advice=a['advice'])
            else: raise SystemExit(v)
            return
        if v=='log_activity':
            for w in dict.fromkeys(x['by'] for x in a['participants']):
                ps=[]
                mine=[x for x in a['participants'] if x['by']==w]
                for x in mine:
                    ps.append(recording.Participant(case=case[(id(S),x['case'])],hours=x.get('hours',0),evaluation=x.get('evaluation',''),outcome=x.get('outcome','on_time'),absence_reason=x.get('absence',{}).get('reason_code','')))
                recording.log_activity(by=users[w],at=at,occasion=occ(a,by,row={'late_minutes':max(x.get('late_minutes',0) for x in mine)}),details=ActivityDetails(activity=a['activity_kind'],photos=a['photos']),text={'summary':a['content']},participants=ps)
            return
        ck=(id(S),a['case']);c=case[ck];c.refresh_from_db()
        k=a.get('key')
        dossier=open_dossier(c.juvenile_id)
        if v=='assess_case':
            have={d['domain']:d for d in a['domains']}
            from socialwork.core import vocabulary
            rs_=[assessing.Rating(domain=x,rating=have.get(x,{}).get('rating',0),strength=have.get(x,{}).get('strength',False),priority=have.get(x,{}).get('priority',False),facts=have.get(x,{}).get('facts','')) for x in vocabulary.codes('assessment_domain')]
            ass[k]=assessing.assess_case(case=c,by=by,at=at,version=0,occasion=a['occasion'],ratings=rs_,protective=a['protective'],text={'strengths':'；'.join(a['strengths']),'minors_view':a['minors_view'],'guardians_view':a['guardians_view'],'needs':str(a.get('needs',''))})
        elif v=='confirm_assessment':
            x=ass[a['assessment']];x.refresh_from_db();assessing.confirm_assessment(assessment=x,by=by,at=at,version=x.version,risk_level=a['risk_level'],override_reason=a['reason'] if x.proposed_risk!=a['risk_level'] else '')
        elif v in('propose_plan','adopt_plan'):
            gl=[planning.Goal(goal=g['text'],measure=g['indicator'],domain=g['domain'],activities=[planning.Activity(activity=x['what'],responsible=x['responsible'],times=x['times'],per=x['per'],until=D(x['by_day'])) for x in a['activities'] if x['goal']==g['key']]) for g in a['goals']]
            old=plan.get(a.get('revises'));ver=0
            if old:
                old.refresh_from_db(); ver=old.version if old.state=='returned' else 0
            p=planning.write_plan(case=c,by=by,at=at,version=ver,text={'aim':a['aim'],'minors_view':a['minors_view']},goals=gl)
            plan[k]=p;getattr(planning,v)(plan=p,by=by,at=at)
            goals[ck]={g['key']:row.pk for g,row in zip(a['goals'],p.goals.order_by('position'))}
        elif v in('approve_plan','return_plan'):
            p=plan[a['plan']];p.refresh_from_db();getattr(planning,v)(plan=p,by=by,at=at,**({'reason':a['reason']} if v=='return_plan' else {}))
        elif v=='log_contact':
            rec[k]=recording.log_contact(case=c,by=by,at=at,occasion=occ(a,by),details=ContactDetails(topics=tuple(a['topics']),mood=a.get('mood'),cooperation=a.get('cooperation'),present=tuple(a['persons']),duties=a.get('duty_check',{})),text={'summary':a['summary'],'response':a.get('action',''),'concerns':a.get('new_risk',''),'next_plan':''},goals={goals[ck][g]:'' for g in a.get('goals',[])},sequel=Sequel(next_on=D(a['next_on']) if 'next_on' in a else None,crisis=a.get('crisis','')))
        elif v=='log_interview':
            rec[k]=recording.log_interview(case=c,by=by,at=at,occasion=occ(a,by),interviewee=a['interviewee'],details=InterviewDetails(read_and_signed=a.get('read_and_signed',False)),text={'summary':a['summary'],'present':'、'.join(a.get('attendees',[])),'documents':'；'.join(d['title'] for d in a.get('documents',[])),'questions':str(a.get('qa',''))})
            for d in a.get('documents',[]): rec[d['key']]=rec[k]
        elif v=='log_counselling':
            rec[k]=recording.log_counselling(case=c,by=by,at=at,occasion=occ(a,by),details=CounsellingDetails(session=a['session_no']),note={'state':a['state'],'goal':a['goal'],'method':a['approach'],'progress':a['progress'],'risk':a['risk'],'next':a['restricted_note']},sequel=Sequel(next_on=D(a['next_on']) if 'next_on' in a else None,crisis=a.get('crisis','')))
        elif v=='log_family_session':
            rec[k]=recording.log_family_session(case=c,by=by,at=at,occasion=occ(a,by),details=FamilySessionDetails(session=a['session_no'],topics=tuple(a['topics']),methods=tuple(a['methods']),present=tuple(a['persons']),change=a.get('change')),text={'summary':a['content'],'next_plan':a['homework']})
        elif v=='log_attendance':
            rec[k]=recording.log_attendance(case=c,by=by,at=at,occasion=occ(a,by),details=AttendanceDetails(activity=a['activity'],representative_absence=a['legal_rep_absence'],rights_explained=a['rights_explained'],minor_agreed=a['minor_agreed'],transcript_read=a['transcript_read'],female_staff_present=a['female_staff_present']),text={'summary':a['minor_state'],'concerns':a['objections']})
        elif v=='review_record': reviewing.review_record(record=ServiceRecord.objects.get(pk=rec[a['record']].pk),by=by,at=at)
        elif v=='return_record': reviewing.return_record(record=ServiceRecord.objects.get(pk=rec[a['record']].pk),by=by,at=at,comment=a['comment'])
        elif v=='amend_record':
            x=ServiceRecord.objects.get(pk=rec[a['record']].pk);dossier.read(x);t={n:x.text.get(n,'') for n in amending.TEXT}
            for ch in a['changes']:
                assert ch['old'] in t[ch['field']],ch; t[ch['field']]=t[ch['field']].replace(ch['old'],ch['new'])
            o=Occasion(started_at=x.started_at,ended_at=x.started_at+dt.timedelta(minutes=x.lasted),method=x.method,place=x.place,co_worker=x.co_worker)
            rec[a['record']]=amending.amend_record(record=x,by=by,at=at,version=x.version,reason=a['reason'],occasion=o,details=KINDS[x.kind].load(x.details),text=t,interviewee=x.interviewee,next_on=x.next_on)
        elif v=='write_report':
            rp=Report.objects.filter(case=c).first() or reporting.write_report(case=c,by=by,at=at)
            for s in a['sections']:
                row=ReportSection.objects.get(report=rp,key=s['code'])
                reporting.write_section(section=row,by=by,at=at,version=row.version,body=s.get('text',''),findings=[(f['text'],{rec[z].pk for z in f['sources']}) for f in s.get('findings',[])],unsourced_reason=s.get('unsourced_reason',''))
                S.setdefault('_f',{}).setdefault(ck,{}).update({n:s[n] for n in('guardianship','help_available','reoffending') if n in s})
            rp.refresh_from_db();f=S['_f'][ck];reporting.report_facts(report=rp,by=by,at=at,version=rp.version,guardianship=f['guardianship'],help_available=f['help_available'],reoffending=f['reoffending'])
        elif v=='send_report_for_review': reporting.send_report_for_review(report=Report.objects.get(case=c),by=by,at=at)
        elif v in('accept_section','return_section'):
            rp=Report.objects.get(case=c)
            for n_ in (a['sections'] if v=='accept_section' else [a['section']]):
                row=ReportSection.objects.get(report=rp,key=SECTIONS[n_-1])
                getattr(reviewing,v)(section=row,by=by,at=at,**({'comment':a['comment'],'quote':a['quote']} if v=='return_section' else {}))
            st=set(ReportSection.objects.filter(report=rp).values_list('review',flat=True))
            if 'open' not in st:
                (reviewing.return_for_rewriting if 'returned' in st else reviewing.finish_review)(report=Report.objects.get(case=c),by=by,at=at)
        elif v=='submit_report': responding.submit_report(case=c,by=by,at=at)
        elif v=='respond_report':
            responding.respond_report(report=Report.objects.get(case=c),by=by,at=at,results={SECTIONS[x['section']-1]:(x['result'],x.get('comment','')) for x in a['sections']},result=a['result'],remark=a['comment'],used_for=a.get('used_for',[]))
        elif v=='reassign_case': ho[k]=assigning.reassign_case(case=c,by=by,at=at,function=a['role'],receiver=users[a['to']],reason=a['reason_code'],open_matters=a['open_matters'],next_steps=a['next_steps'],advice=a['advice'])
        elif v=='accept_handover': assigning.accept_handover(handover=ho[a['handover']],by=by,at=at)
        elif v=='suspend_case': ending.suspend_case(case=c,by=by,at=at,reason_code=a['reason_code'],explanation=a['reason'])
        elif v=='resume_case': ending.resume_case(case=c,by=by,at=at,explanation=a['reason'])
        elif v=='finish_service': responding.finish_service(case=c,by=by,at=at,remark=a['reason'])
        elif v=='evaluate_case': closing.evaluate_case(case=c,by=by,at=at,points=a['points'],vetoes=a['veto'],remark=a['comment'])
        elif v=='close_case':
            closing.close_case(case=c,by=by,at=at,reason=a['reason'],goals={goals[ck][g['goal']]:g['result'] for g in a['goals']},excused=a.get('excused'),visits=a['visits'],unresolved=a['unresolved'],client_opinion=a['client_opinion'])
        elif v=='record_follow_up':
            from cases.models import FollowUp
            closing_day=[x for x in S['acts'] if x['verb']=='close_case' and x['case']==a['case']][0]
            row=list(FollowUp.objects.filter(case=c).order_by('planned_on'))[sorted(closing_day['visits']).index(a['after_months'])]
            closing.record_follow_up(follow_up=row,by=by,at=at,visited_at=AT(a['on'],a['time']),reached=True,situation=a['summary'],needs=a['needs'])
        else: raise SystemExit(v)
    from django.db import transaction
    for day,time,S,a in everything:
        try:
            with transaction.atomic(): play(day,time,S,a)
            done+=1
        except Exception as e:
            errors.append((S['slug'][:1],day,a['verb'],a.get('key') or a.get('case') or a.get('referral'),type(e).__name__,str(e)[:120],[(f,str(x)) for f,x in getattr(e,'blockers',[])][:6],str(getattr(e,'message',''))[:200]))
    for e in errors: print(e)
    print(done,len(errors),{s:Case.objects.filter(state=s).count() for s in set(Case.objects.values_list('state',flat=True))},ServiceRecord.objects.count())
    assert not errors
