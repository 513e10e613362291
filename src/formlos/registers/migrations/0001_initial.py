import django.contrib.postgres.indexes
import django.core.serializers.json
import django.db.models.deletion
import formlos.base.ids
import formlos.base.tenancy
from django.db import migrations, models


# Row security keeps PostgreSQL from using the trigram index, because similarity is not leakproof. This function
# runs as owner and therefore compares the municipality itself; it returns keys, which row security checks again.
SEARCH = """
CREATE FUNCTION search_residents(sought text[], born date, how_many integer) RETURNS TABLE (id uuid, likeness real)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH found AS MATERIALIZED (  -- or the planner prefers the useless index on the municipality
        SELECT resident.id, resident.municipality_id, resident.suchform FROM registers_resident AS resident
        WHERE (born IS NULL OR resident.geburtsdatum = born)
          AND resident.suchform %> (SELECT word FROM unnest(sought) AS word ORDER BY length(word) DESC, word LIMIT 1)
    )
    SELECT found.id, word.least
    FROM found CROSS JOIN LATERAL (
        SELECT min(likeness) AS least, sum(likeness) AS total
        FROM (SELECT word_similarity(word, found.suchform) AS likeness FROM unnest(sought) AS word) AS each_word
    ) AS word
    WHERE found.municipality_id = app_municipality() AND word.least >= 0.6
    ORDER BY word.least DESC, split_part(found.suchform, ' ', 1) = ANY (sought) DESC, word.total DESC,
        found.suchform, found.id
    LIMIT least(how_many, 200)
$$;
"""

# A population just loaded has no statistics, and the planner then joins 600,000 rows by nested loops. Only owners
# may analyze.
ANALYZE = """
CREATE FUNCTION analyze_registers() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE registers_street, registers_building, registers_dwelling, registers_resident, registers_residence,
        registers_relation, registers_lock;
END $$;
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("base", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Building",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=formlos.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("hausnummer", models.CharField(max_length=10)),
                ("postleitzahl", models.CharField(max_length=5)),
                ("ort", models.CharField(max_length=100)),
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
            name="Change",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=formlos.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("effect_id", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=60)),
                ("case_id", models.UUIDField(db_index=True)),
                ("made_at", models.DateTimeField()),
                ("outcome", models.JSONField()),
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
                (
                    "reverses",
                    models.OneToOneField(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="registers.change",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Dwelling",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=formlos.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("zusatz", models.CharField(blank=True, max_length=60)),
                ("wohnflaeche", models.PositiveSmallIntegerField(null=True)),
                ("ist_wohnung", models.BooleanField(default=True)),
                ("eigentuemer_name", models.CharField(blank=True, max_length=200)),
                ("wohnungsgeber_name", models.CharField(blank=True, max_length=200)),
                ("wohnungsgeber_anschrift", models.CharField(blank=True, max_length=300)),
                (
                    "building",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="dwellings",
                        to="registers.building",
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
        ),
        migrations.CreateModel(
            name="AddressCode",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=formlos.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("case_id", models.UUIDField()),
                ("created_at", models.DateTimeField()),
                ("valid_until", models.DateField()),
                ("failed_attempts", models.PositiveSmallIntegerField(default=0)),
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
                (
                    "dwelling",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registers.dwelling",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="FormerVersion",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=formlos.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("position", models.PositiveSmallIntegerField()),
                ("table", models.CharField(max_length=40)),
                ("record_id", models.UUIDField()),
                ("resident_id", models.UUIDField(null=True)),
                ("values", models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder, null=True)),
                ("recorded_from", models.DateTimeField(null=True)),
                ("recorded_until", models.DateTimeField()),
                ("caused_by_case", models.UUIDField(null=True)),
                (
                    "change",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="former_versions",
                        to="registers.change",
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
        ),
        migrations.CreateModel(
            name="LandlordConfirmation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=formlos.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("code_hash", models.CharField(max_length=64)),
                ("einzugsdatum", models.DateField()),
                ("personen", models.JSONField()),
                ("wohnungsgeber_name", models.CharField(max_length=200)),
                ("state", models.CharField(default="open", max_length=8)),
                (
                    "change",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registers.change",
                    ),
                ),
                (
                    "dwelling",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="confirmations",
                        to="registers.dwelling",
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
        ),
        migrations.CreateModel(
            name="Resident",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=formlos.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("familienname", models.CharField(max_length=200)),
                ("geburtsname", models.CharField(blank=True, max_length=200)),
                ("vornamen", models.CharField(max_length=200)),
                ("rufname", models.CharField(blank=True, max_length=100)),
                ("doktorgrad", models.CharField(blank=True, max_length=40)),
                ("geburtsdatum", models.DateField()),
                ("geburtsort", models.CharField(blank=True, max_length=100)),
                ("geschlecht", models.CharField(max_length=1)),
                ("staatsangehoerigkeit", models.CharField(max_length=3)),
                ("familienstand", models.CharField(max_length=2)),
                ("religion", models.CharField(blank=True, max_length=4)),
                ("identifikationsnummer", models.CharField(blank=True, max_length=11)),
                ("ausweis_art", models.CharField(blank=True, max_length=20)),
                ("ausweis_nummer", models.CharField(blank=True, max_length=20)),
                ("ausweis_gueltig_bis", models.DateField(null=True)),
                ("sterbedatum", models.DateField(null=True)),
                ("merkmale", models.JSONField(default=dict)),
                ("suchform", models.CharField(max_length=400)),
                ("subject", models.CharField(blank=True, max_length=100)),
                (
                    "change",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registers.change",
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
        ),
        migrations.CreateModel(
            name="Residence",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=formlos.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("anderswo", models.JSONField(null=True)),
                ("status", models.CharField(max_length=9)),
                ("einzugsdatum", models.DateField()),
                ("auszugsdatum", models.DateField(null=True)),
                ("anmeldedatum", models.DateField()),
                ("zuzug_von", models.JSONField(null=True)),
                ("wegzug_nach", models.JSONField(null=True)),
                ("nach_unbekannt", models.BooleanField(default=False)),
                (
                    "change",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registers.change",
                    ),
                ),
                (
                    "dwelling",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="residences",
                        to="registers.dwelling",
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
                (
                    "resident",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="residences",
                        to="registers.resident",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=formlos.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("kind", models.CharField(max_length=13)),
                ("sorgerecht", models.BooleanField(default=False)),
                ("getrennt_lebend", models.BooleanField(default=False)),
                (
                    "change",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registers.change",
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
                (
                    "related",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relations_to",
                        to="registers.resident",
                    ),
                ),
                (
                    "resident",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relations",
                        to="registers.resident",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Lock",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=formlos.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("recorded_at", models.DateTimeField()),
                ("kind", models.CharField(max_length=30)),
                ("until", models.DateField(null=True)),
                (
                    "change",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registers.change",
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
                (
                    "resident",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="locks",
                        to="registers.resident",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Street",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=formlos.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("name", models.CharField(max_length=100)),
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
        migrations.AddField(
            model_name="building",
            name="street",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="buildings",
                to="registers.street",
            ),
        ),
        migrations.CreateModel(
            name="AccessLog",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=formlos.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("at", models.DateTimeField()),
                ("accessor", models.CharField(max_length=200)),
                ("purpose", models.CharField(max_length=500)),
                ("norm", models.CharField(max_length=200)),
                ("case_id", models.UUIDField(null=True)),
                ("resident_id", models.UUIDField()),
                ("data", models.JSONField()),
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
                "indexes": [
                    models.Index(fields=["municipality", "resident_id", "at"], name="registers_access_to_resident")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="change",
            constraint=models.UniqueConstraint(
                fields=("municipality", "effect_id", "kind"), name="registers_effect_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="dwelling",
            constraint=models.UniqueConstraint(fields=("building", "zusatz"), name="registers_dwelling_once"),
        ),
        migrations.AddConstraint(
            model_name="addresscode",
            constraint=models.UniqueConstraint(
                fields=("municipality", "case_id", "dwelling"), name="registers_one_letter_a_case"
            ),
        ),
        migrations.AddIndex(
            model_name="formerversion",
            index=models.Index(fields=["municipality", "resident_id"], name="registers_history_of_resident"),
        ),
        migrations.AddConstraint(
            model_name="formerversion",
            constraint=models.UniqueConstraint(fields=("change", "position"), name="registers_version_in_order"),
        ),
        migrations.AddConstraint(
            model_name="landlordconfirmation",
            constraint=models.UniqueConstraint(
                fields=("municipality", "code_hash"), name="registers_landlord_code_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="landlordconfirmation",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["open", "used", "released"])), name="registers_confirmation_state"
            ),
        ),
        migrations.AddIndex(
            model_name="resident",
            index=models.Index(
                fields=["municipality", "familienname", "geburtsdatum"], name="registers_resident_match"
            ),
        ),
        migrations.AddIndex(
            model_name="resident",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["suchform"], name="registers_resident_search", opclasses=["gin_trgm_ops"]
            ),
        ),
        migrations.AddConstraint(
            model_name="resident",
            constraint=models.UniqueConstraint(
                condition=models.Q(("identifikationsnummer", ""), _negated=True),
                fields=("municipality", "identifikationsnummer"),
                name="registers_resident_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="residence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("auszugsdatum__isnull", True), ("status__in", ("alleinige", "haupt"))),
                fields=("resident",),
                name="registers_one_main_dwelling",
            ),
        ),
        migrations.AddConstraint(
            model_name="residence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("auszugsdatum__isnull", True)),
                fields=("resident", "dwelling"),
                name="registers_registered_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="residence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("anderswo__isnull", False), ("dwelling__isnull", True)),
                    models.Q(("anderswo__isnull", True), ("dwelling__isnull", False)),
                    _connector="OR",
                ),
                name="registers_lives_somewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="residence",
            constraint=models.CheckConstraint(
                condition=models.Q(("status__in", ["alleinige", "haupt", "neben"])), name="registers_residence_status"
            ),
        ),
        migrations.AddConstraint(
            model_name="residence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("auszugsdatum__isnull", True), ("auszugsdatum__gte", models.F("einzugsdatum")), _connector="OR"
                ),
                name="registers_out_after_in",
            ),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.UniqueConstraint(fields=("resident", "related", "kind"), name="registers_relation_once"),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.CheckConstraint(
                condition=models.Q(("resident", models.F("related")), _negated=True), name="registers_relation_to_other"
            ),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["ehegatte", "lebenspartner", "elternteil"])),
                name="registers_relation_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="lock",
            constraint=models.UniqueConstraint(fields=("resident", "kind"), name="registers_lock_once"),
        ),
        migrations.AddConstraint(
            model_name="lock",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "auskunftssperre",
                            "bedingter_sperrvermerk",
                            "religionsgesellschaft",
                            "parteien",
                            "jubilaeen",
                        ],
                    )
                ),
                name="registers_lock_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="street",
            constraint=models.UniqueConstraint(fields=("municipality", "name"), name="registers_street_once"),
        ),
        migrations.AddConstraint(
            model_name="building",
            constraint=models.UniqueConstraint(
                fields=("street", "hausnummer", "postleitzahl"), name="registers_building_once"
            ),
        ),
        migrations.RunSQL(SEARCH, "DROP FUNCTION search_residents(text[], date, integer)"),
        migrations.RunSQL(ANALYZE, "DROP FUNCTION analyze_registers()"),
        migrations.AddField(
            model_name="lock",
            name="since",
            field=models.DateField(null=True),
        ),
    ]
