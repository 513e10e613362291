import django.contrib.postgres.fields
import django.db.models.deletion
import formlos.base.ids
import formlos.base.tenancy
from django.db import migrations, models


# Runs as owner, because app may never delete from a journal; the entry that names the norm must exist first.
ERASE = """
CREATE FUNCTION erase_journal_payloads(erasing uuid, sequences integer[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE entry base_journalentry%ROWTYPE;
BEGIN
    SELECT * INTO entry FROM base_journalentry
        WHERE id = erasing AND kind = 'payload.erased' AND municipality_id = app_municipality();
    IF NOT FOUND THEN
        RAISE EXCEPTION 'erasing needs its own journal entry' USING ERRCODE = 'insufficient_privilege';
    END IF;
    DELETE FROM base_journalpayload USING base_journalentry erased
        WHERE base_journalpayload.entry_id = erased.id AND erased.chain = entry.chain
          AND erased.municipality_id = entry.municipality_id AND erased.kind <> 'payload.erased'
          AND erased.sequence = ANY (sequences);
END $$;
"""
CURRENT_MUNICIPALITY = """
CREATE FUNCTION app_municipality() RETURNS uuid LANGUAGE sql STABLE AS
    $$ SELECT current_setting('app.municipality')::uuid $$;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="JournalEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=formlos.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("chain", models.UUIDField()),
                ("sequence", models.PositiveIntegerField()),
                ("kind", models.CharField(max_length=80)),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=200)),
                ("payload_digest", models.CharField(max_length=71)),
                ("previous", models.CharField(max_length=71)),
                ("hash", models.CharField(max_length=71)),
            ],
        ),
        migrations.CreateModel(
            name="Municipality",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=formlos.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ags", models.CharField(max_length=8, unique=True)),
                ("name", models.CharField(max_length=200)),
                ("slug", models.SlugField(max_length=200, unique=True)),
                ("land", models.CharField(max_length=2)),
                ("settings", models.JSONField(default=dict)),
            ],
        ),
        migrations.CreateModel(
            name="KeyPair",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=formlos.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kid", models.CharField(max_length=64, unique=True)),
                ("purpose", models.CharField(max_length=10)),
                ("public_jwk", models.JSONField()),
                ("sealed_private", models.BinaryField()),
                ("certificate_pem", models.TextField(blank=True)),
                ("not_before", models.DateTimeField()),
                ("not_after", models.DateTimeField()),
                (
                    "municipality",
                    models.ForeignKey(
                        default=formlos.base.tenancy.current_municipality_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.municipality",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="JournalPayload",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=formlos.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("salt", models.BinaryField()),
                ("content", models.BinaryField()),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payload",
                        to="base.journalentry",
                    ),
                ),
                (
                    "municipality",
                    models.ForeignKey(
                        default=formlos.base.tenancy.current_municipality_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.municipality",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="journalentry",
            name="municipality",
            field=models.ForeignKey(
                default=formlos.base.tenancy.current_municipality_id,
                editable=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="base.municipality",
            ),
        ),
        migrations.CreateModel(
            name="DailyRoot",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=formlos.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("day", models.DateField()),
                ("heads", models.PositiveIntegerField()),
                ("root", models.CharField(max_length=71)),
                ("seal", models.TextField()),
                (
                    "municipality",
                    models.ForeignKey(
                        default=formlos.base.tenancy.current_municipality_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.municipality",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Blob",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=formlos.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("digest", models.CharField(max_length=71)),
                ("content", models.BinaryField()),
                (
                    "municipality",
                    models.ForeignKey(
                        default=formlos.base.tenancy.current_municipality_id,
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.municipality",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="journalentry",
            index=models.Index(fields=["municipality", "at"], name="journal_by_time"),
        ),
        migrations.AddConstraint(
            model_name="journalentry",
            constraint=models.UniqueConstraint(
                fields=("municipality", "chain", "sequence"), name="journal_one_entry_a_place"
            ),
        ),
        migrations.AddConstraint(
            model_name="journalentry",
            constraint=models.UniqueConstraint(
                fields=("municipality", "chain", "previous"), name="journal_chain_never_forks"
            ),
        ),
        migrations.AddConstraint(
            model_name="dailyroot",
            constraint=models.UniqueConstraint(fields=("municipality", "day"), name="one_root_a_day"),
        ),
        migrations.AddConstraint(
            model_name="blob",
            constraint=models.UniqueConstraint(fields=("municipality", "digest"), name="blob_once"),
        ),
        migrations.RunSQL(CURRENT_MUNICIPALITY, "DROP FUNCTION app_municipality()"),
        migrations.RunSQL(ERASE, "DROP FUNCTION erase_journal_payloads(uuid, integer[])"),
        migrations.CreateModel(
            name="Tries",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("moments", django.contrib.postgres.fields.ArrayField(base_field=models.DateTimeField(), size=None)),
                ("over_at", models.DateTimeField(db_index=True)),
            ],
        ),
    ]
