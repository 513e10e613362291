"""Row-level security, grants and tenant-safe references, derived from the models after every migration.

PostgreSQL's own check is the wall; nothing here can be forgotten when a model is added, because the
policies follow from ``TenantModel``. Runs as the database role *owner*; the platform runs as *app*.
"""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.db.models import Model

from formlos.base.tenancy import TenantModel

CURRENT_MUNICIPALITY = """
CREATE OR REPLACE FUNCTION app_municipality() RETURNS uuid LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE municipality text := current_setting('app.municipality', true);
BEGIN
    IF municipality IS NULL OR municipality = '' THEN
        RAISE EXCEPTION 'no municipality is set for this transaction' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN municipality::uuid;
END $$;
"""

OPEN_GRANTS = """
GRANT USAGE ON SCHEMA public TO {role};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role};
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role};
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {role};
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {role};
"""

POLICY = """
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
DROP POLICY IF EXISTS municipality ON {table};
CREATE POLICY municipality ON {table} TO {role} USING (municipality_id = (SELECT app_municipality()))
    WITH CHECK (municipality_id = (SELECT app_municipality()));
"""


def secure_after_migrate(*, using: str, **_: Any) -> None:
    secure(using=using)


def secure(*, using: str) -> None:
    """Apply grants, policies and references for every model; idempotent."""
    role = settings.APP_ROLE
    statements = [CURRENT_MUNICIPALITY, OPEN_GRANTS.format(role=role)]
    for model in tenant_models():
        table = model._meta.db_table
        statements.append(POLICY.format(table=table, role=role))
        statements += _references_within_municipality(model)
    for model in append_only_models():
        statements.append(f"REVOKE UPDATE, DELETE, TRUNCATE ON {model._meta.db_table} FROM {role};")
    with connections[using].cursor() as cursor:
        cursor.execute("\n".join(statements))


def tenant_models() -> list[type[TenantModel]]:
    return [model for model in apps.get_models() if issubclass(model, TenantModel)]


def append_only_models() -> list[type[Model]]:
    """Models that say ``append_only``, whether rows of one municipality or of the whole node."""
    return [model for model in apps.get_models() if getattr(model, "append_only", False)]


def _references_within_municipality(model: type[TenantModel]) -> list[str]:
    """A second key over (municipality, id), so that a row can never point into another municipality."""
    statements = []
    for field in model._meta.concrete_fields:
        target = field.related_model
        if not (isinstance(target, type) and issubclass(target, TenantModel)):
            continue
        table, other, column = model._meta.db_table, target._meta.db_table, field.column
        key = target._meta.pk.column
        unique, reference = f"{other}_in_town"[-63:], f"{table}_{column}_in_town"[-63:]
        statements.append(
            _unless_constrained(unique, other, f"UNIQUE (municipality_id, {key})")
            + _unless_constrained(
                reference,
                table,
                f"FOREIGN KEY (municipality_id, {column}) REFERENCES {other} (municipality_id, {key})"
                " DEFERRABLE INITIALLY DEFERRED",
            )
        )
    return statements


def _unless_constrained(name: str, table: str, definition: str) -> str:
    return f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{name}' AND conrelid = '{table}'::regclass) THEN
        ALTER TABLE {table} ADD CONSTRAINT {name} {definition};
    END IF;
END $$;"""
