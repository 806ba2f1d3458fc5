"""What was agreed stays as it was agreed: the database itself refuses to change a version of the terms."""
from django.db import migrations

REFUSE = """
CREATE FUNCTION organisations_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a version of an agreement is never changed; write a new one' USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER version_never_changes BEFORE UPDATE ON organisations_agreementversion
    FOR EACH ROW EXECUTE FUNCTION organisations_refuse_change();
"""
ALLOW = """
DROP TRIGGER version_never_changes ON organisations_agreementversion;
DROP FUNCTION organisations_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("organisations", "0002_admission_and_terms")]
    operations = [migrations.RunSQL(REFUSE, ALLOW)]
