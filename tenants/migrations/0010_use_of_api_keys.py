"""A request's key is looked up before it is known whose it is, by a role that sees no tenant's row: a function does it,
counts the request and decides whether the key's rate limit allows it."""

from django.db import migrations

USE = """
CREATE POLICY look_up ON api_keys FOR SELECT TO msg_resolver USING (true);
CREATE POLICY count_use ON api_keys FOR UPDATE TO msg_resolver USING (true);
CREATE FUNCTION use_api_key(given bytea) RETURNS TABLE (
    key_id uuid, tenant_id uuid, is_active boolean, scopes text[],
    requests_per_second integer, burst integer, is_allowed boolean, tokens double precision
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    key record;
    available double precision;
    at timestamptz;
BEGIN
    SELECT k.id, k.tenant_id, k.scopes, k.requests_per_second, k.burst, k.used_at, k.tokens,
        coalesce(t.status = 'active', true) AS of_active INTO key
    FROM messaging.api_keys k LEFT JOIN messaging.tenants t ON t.id = k.tenant_id
    WHERE k.hash = given AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > clock_timestamp())
    FOR NO KEY UPDATE OF k;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    at := clock_timestamp();
    available := CASE WHEN key.used_at IS NULL THEN key.burst ELSE least(
        key.burst,
        key.tokens + key.requests_per_second * extract(epoch FROM greatest(at - key.used_at, interval '0'))
    ) END;
    IF available >= 1 THEN
        available := available - 1;
        UPDATE messaging.api_keys SET tokens = available, used_at = at WHERE id = key.id;
        RETURN QUERY SELECT key.id, key.tenant_id, key.of_active, key.scopes::text[],
            key.requests_per_second, key.burst, true, available;
    ELSE
        RETURN QUERY SELECT key.id, key.tenant_id, key.of_active, key.scopes::text[],
            key.requests_per_second, key.burst, false, available;
    END IF;
END
$$;
REVOKE ALL ON FUNCTION use_api_key(bytea) FROM PUBLIC;
GRANT CREATE ON SCHEMA messaging TO msg_resolver;
ALTER FUNCTION use_api_key(bytea) OWNER TO msg_resolver;
REVOKE CREATE ON SCHEMA messaging FROM msg_resolver;
"""

UNDO = """
DROP FUNCTION use_api_key(bytea);
DROP POLICY count_use ON api_keys;
DROP POLICY look_up ON api_keys;
"""


class Migration(migrations.Migration):
    dependencies = [("tenants", "0009_api_keys")]

    operations = [migrations.RunSQL(USE, UNDO)]
