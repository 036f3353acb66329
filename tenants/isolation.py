"""Isolation as constraints: what makemigrations sees, PostgreSQL keeps.

Row level security binds everyone, the tables' owner included (FORCE). The tenant policy is for
PUBLIC, because it gives nothing without `app.tenant_id`; the operator's and the pipeline's roles
see every row of the tables they were granted.
"""

from typing import Any

from django.apps import apps
from django.db import models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.backends.ddl_references import Statement

from tenants.scope import AUTH, OPERATOR, ROUTER

# One InitPlan a statement instead of a call a row; '' (what a finished transaction leaves behind)
# is nobody.
CURRENT_TENANT = "(SELECT nullif(current_setting('app.tenant_id', true), '')::uuid)"


Model = type[models.Model]
Editor = BaseDatabaseSchemaEditor


class SchemaRule(models.BaseConstraint):
    """A constraint that is plain DDL of its own, created after the table and dropped before it."""

    def constraint_sql(self, model: Model, schema_editor: Editor) -> str:  # type: ignore[override]
        schema_editor.deferred_sql.append(self.create_sql(model, schema_editor))
        return ""

    def create_sql(self, model: Model, schema_editor: Editor) -> Statement:  # type: ignore[override]
        return Statement("%(sql)s", sql="; ".join(self.creation(model)))

    def remove_sql(self, model: Model, schema_editor: Editor) -> Statement:  # type: ignore[override]
        return Statement("%(sql)s", sql="; ".join(self.removal(model)))

    def validate(self, *args: Any, **kwargs: Any) -> None:
        """The database decides; there is nothing to ask a form."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.deconstruct() == self.deconstruct()  # type: ignore[attr-defined]

    def __hash__(self) -> int:
        return hash(self.name)

    def creation(self, model: type[models.Model]) -> list[str]:
        raise NotImplementedError

    def removal(self, model: type[models.Model]) -> list[str]:
        raise NotImplementedError


class PlatformRLS(SchemaRule):
    """A table of the platform's own: the operator and the pipeline see it, no tenant does."""

    def policies(self) -> dict[str, str]:
        """Return what each policy says, by its name."""
        return {role: f"TO {role} USING (true) WITH CHECK (true)" for role in (OPERATOR, ROUTER)}

    def creation(self, model: type[models.Model]) -> list[str]:
        table = model._meta.db_table
        return [
            f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
            *(
                f'CREATE POLICY {name} ON "{table}" {rule}'
                for name, rule in self.policies().items()
            ),
        ]

    def removal(self, model: type[models.Model]) -> list[str]:
        table = model._meta.db_table
        return [
            *(f'DROP POLICY {name} ON "{table}"' for name in self.policies()),
            f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY',
            f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY',
        ]


def protected_tables() -> list[str]:
    """Return the tables of all models that have row level security."""
    rules = ((model._meta.db_table, model._meta.constraints) for model in apps.get_models())
    return [
        table
        for table, constraints in rules
        if any(isinstance(rule, PlatformRLS) for rule in constraints)
    ]


class DropBoxRLS(PlatformRLS):
    """A platform table that anyone granted INSERT may put rows into, and still not read."""

    def creation(self, model: type[models.Model]) -> list[str]:
        return [
            *super().creation(model),
            f'CREATE POLICY drop_box ON "{model._meta.db_table}" FOR INSERT WITH CHECK (true)',
        ]

    def removal(self, model: type[models.Model]) -> list[str]:
        return [f'DROP POLICY drop_box ON "{model._meta.db_table}"', *super().removal(model)]


class AppendOnlyRLS(PlatformRLS):
    """A platform table that the operator and the sign-in role add to, and the operator reads.
    Nobody may change a row. The resolver, whom nobody can become, sees and deletes what is older
    than `kept_for` by its column `at`.
    """

    kept_for = "90 days"

    def policies(self) -> dict[str, str]:
        is_old = f"at < now() - interval '{self.kept_for}'"
        return {
            "reads": f"FOR SELECT TO {OPERATOR} USING (true)",
            "adds": f"FOR INSERT TO {OPERATOR}, {AUTH} WITH CHECK (true)",
            "sees_what_is_old": f"FOR SELECT TO msg_resolver USING ({is_old})",
            "deletes_what_is_old": f"FOR DELETE TO msg_resolver USING ({is_old})",
        }


class TenantRLS(PlatformRLS):
    """A table of tenants' rows: each tenant sees and writes its own, by `column`."""

    def __init__(self, *, name: str, column: str = "tenant_id") -> None:
        super().__init__(name=name)
        self.column = column

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "column": self.column}

    def creation(self, model: type[models.Model]) -> list[str]:
        mine = f'"{self.column}" = {CURRENT_TENANT}'
        return [
            *super().creation(model),
            f'CREATE POLICY tenant ON "{model._meta.db_table}" USING ({mine}) WITH CHECK ({mine})',
        ]

    def removal(self, model: type[models.Model]) -> list[str]:
        return [f'DROP POLICY tenant ON "{model._meta.db_table}"', *super().removal(model)]


class TenantForeignKey(SchemaRule):
    """FOREIGN KEY (tenant_id, field) REFERENCES target (tenant_id, id): no row can point into
    another tenant.

    PostgreSQL checks foreign keys past row level security, so a plain one would let a tenant point
    at, and so probe, another's rows. Not deferrable: a wrong row fails where it is written, not at
    COMMIT.
    """

    def __init__(self, *, name: str, field: str) -> None:
        super().__init__(name=name)
        self.field = field

    def deconstruct(self) -> Any:
        path, args, kwargs = super().deconstruct()
        return path, args, {**kwargs, "field": self.field}

    def creation(self, model: type[models.Model]) -> list[str]:
        field = model._meta.get_field(self.field)
        target = field.related_model._meta.db_table  # type: ignore[union-attr]
        return [
            f'ALTER TABLE "{model._meta.db_table}" ADD CONSTRAINT "{self.name}" '
            f'FOREIGN KEY (tenant_id, "{field.column}") REFERENCES "{target}" (tenant_id, id)'  # type: ignore[union-attr]
        ]

    def removal(self, model: type[models.Model]) -> list[str]:
        return [f'ALTER TABLE "{model._meta.db_table}" DROP CONSTRAINT "{self.name}"']


def within_tenant(to: str | type[models.Model], **options: Any) -> Any:
    """A foreign key column whose rule is the model's TenantForeignKey; indexed where the model says
    so.
    """
    return models.ForeignKey(
        to, on_delete=models.PROTECT, db_constraint=False, db_index=False, **options
    )
