"""Whose tenants a user may enter: asked while signing in, by a role that sees no tenant's row, so a look-up answers it."""

from django.db import migrations

LOOK_UP = """
CREATE POLICY look_up ON memberships FOR SELECT TO msg_resolver USING (true);
CREATE POLICY look_up ON tenants FOR SELECT TO msg_resolver USING (true);
CREATE FUNCTION memberships_of(who uuid) RETURNS TABLE (tenant_id uuid, slug text, name text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT t.id, t.slug::text, t.name::text, m.role::text
    FROM messaging.memberships m JOIN messaging.tenants t ON t.id = m.tenant_id
    WHERE m.user_id = who ORDER BY t.name, t.slug
$$;
REVOKE ALL ON FUNCTION memberships_of(uuid) FROM PUBLIC;
GRANT CREATE ON SCHEMA messaging TO msg_resolver;
ALTER FUNCTION memberships_of(uuid) OWNER TO msg_resolver;
REVOKE CREATE ON SCHEMA messaging FROM msg_resolver;
"""

UNDO = """
DROP FUNCTION memberships_of(uuid);
DROP POLICY look_up ON tenants;
DROP POLICY look_up ON memberships;
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0004_members")]

    operations = [migrations.RunSQL(LOOK_UP, UNDO)]
