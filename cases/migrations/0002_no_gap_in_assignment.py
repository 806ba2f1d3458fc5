"""A case always has exactly one lead and one second worker, and the assignment history says the same without a gap."""
from django.db import migrations

CREATE = """
CREATE FUNCTION cases_assignment_holds(checked uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    wrong integer;
BEGIN
    SELECT count(*) INTO wrong
    FROM cases_case c
    CROSS JOIN (VALUES ('lead'), ('second')) AS f(function)
    WHERE c.id = checked
      AND (SELECT count(*) FROM cases_assignment a
           WHERE a.case_id = c.id AND a.function = f.function AND upper_inf(a.held)
             AND a.worker_id = CASE f.function WHEN 'lead' THEN c.lead_id ELSE c.second_id END) <> 1;
    IF wrong > 0 THEN
        RAISE EXCEPTION 'assignment history disagrees with the case' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'case_is_always_assigned';
    END IF;
    SELECT count(*) INTO wrong
    FROM (SELECT lower(held) AS starts, lag(upper(held)) OVER (PARTITION BY function ORDER BY lower(held)) AS before
          FROM cases_assignment WHERE case_id = checked AND function IN ('lead', 'second')) AS spans
    WHERE before IS NOT NULL AND before <> starts;
    IF wrong > 0 THEN
        RAISE EXCEPTION 'a case was without a worker' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'assignment_has_no_gap';
    END IF;
END $$;
CREATE FUNCTION cases_check_case() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM cases_assignment_holds(NEW.id); RETURN NULL; END $$;
CREATE FUNCTION cases_check_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN PERFORM cases_assignment_holds(OLD.case_id);
    ELSE PERFORM cases_assignment_holds(NEW.case_id); END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER case_is_assigned AFTER INSERT OR UPDATE OF lead_id, second_id ON cases_case
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_check_case();
CREATE CONSTRAINT TRIGGER assignment_is_whole AFTER INSERT OR UPDATE OR DELETE ON cases_assignment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cases_check_assignment();
"""
DROP = """
DROP TRIGGER assignment_is_whole ON cases_assignment;
DROP TRIGGER case_is_assigned ON cases_case;
DROP FUNCTION cases_check_assignment();
DROP FUNCTION cases_check_case();
DROP FUNCTION cases_assignment_holds(uuid);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, DROP)]
