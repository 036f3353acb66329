-- What migrations have left in Django's own tables: the statements that put it in again.
SELECT 'INSERT INTO messaging.django_migrations (app, name, applied)' || E'\n'
    || 'SELECT app, name, now() FROM (VALUES' || E'\n    '
    || string_agg('(' || quote_literal(app) || ', ' || quote_literal(name) || ')', E',\n    '
        ORDER BY app, name)
    || E'\n) AS migration (app, name);' AS statement
FROM messaging.django_migrations
UNION ALL
SELECT 'INSERT INTO messaging.django_content_type (app_label, model) VALUES' || E'\n    '
    || string_agg('(' || quote_literal(app_label) || ', ' || quote_literal(model) || ')', E',\n    '
        ORDER BY app_label, model) || ';'
FROM messaging.django_content_type
UNION ALL
SELECT 'INSERT INTO messaging.auth_permission (content_type_id, codename, name)' || E'\n'
    || 'SELECT type.id, codename, name FROM (VALUES' || E'\n    '
    || string_agg('(' || quote_literal(app_label) || ', ' || quote_literal(model) || ', '
        || quote_literal(codename) || ', ' || quote_literal(permission.name) || ')', E',\n    '
        ORDER BY app_label, model, codename)
    || E'\n) AS permission (app_label, model, codename, name)' || E'\n'
    || 'JOIN messaging.django_content_type AS type USING (app_label, model);'
FROM messaging.auth_permission AS permission
JOIN messaging.django_content_type AS type ON type.id = permission.content_type_id
