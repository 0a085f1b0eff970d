"""Indexes of PostgreSQL for parts of names, their beginnings and numbers (finding.grams)."""

from typing import Any

from django.db import migrations

# Pairs of neighbouring letters, and of Latin letters and figures triples. In the lines below the
# first stand codes and readings, of which pairs would be very many and say little; in initials a
# line is a reading, and all count. Each bears the kind of its row: what is common in one kind costs
# nothing where another is looked for.
FUNCTION = r"""
CREATE FUNCTION finding_grams(kind text, words text, in_all_lines boolean) RETURNS text[]
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
    letters text[] := string_to_array(words, NULL);
    found text[] := '{}';
    pair text;
    triple text;
    is_first boolean := true;
BEGIN
    FOR place IN 1 .. coalesce(array_length(letters, 1), 0) - 1 LOOP
        IF letters[place] = E'\n' THEN
            is_first := false;
            CONTINUE;
        END IF;
        CONTINUE WHEN letters[place + 1] = E'\n';
        pair := letters[place] || letters[place + 1];
        IF is_first OR in_all_lines OR octet_length(pair) > 2 THEN
            found := found || (kind || pair);
        END IF;
        triple := pair || letters[place + 2];
        IF octet_length(triple) = 3 AND letters[place + 2] <> E'\n' THEN
            found := found || (kind || triple);
        END IF;
    END LOOP;
    RETURN found;
END $$
"""
FORWARD = (
    FUNCTION,
    "CREATE INDEX finding_words ON finding_indexentry USING gin (finding_grams(kind, words, false))",
    "CREATE INDEX finding_initials ON finding_indexentry USING gin (finding_grams(kind, initials, true))",
    r"CREATE INDEX finding_numbers ON finding_indexentry "
    r"USING gin (string_to_array(numbers, E'\n'))",
    'CREATE INDEX finding_beginnings ON finding_indexentry (kind, (left(words, 60) COLLATE "C"))',
)
BACKWARD = (
    "DROP INDEX finding_beginnings",
    "DROP INDEX finding_numbers",
    "DROP INDEX finding_initials",
    "DROP INDEX finding_words",
    "DROP FUNCTION finding_grams(text, text, boolean)",
)


def forward(apps: Any, schema_editor: Any) -> None:
    _run(schema_editor, FORWARD)


def backward(apps: Any, schema_editor: Any) -> None:
    _run(schema_editor, BACKWARD)


def _run(schema_editor: Any, statements: tuple[str, ...]) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in statements:
            schema_editor.execute(statement)


class Migration(migrations.Migration):
    dependencies = [("finding", "0002_index_entry")]
    operations = [migrations.RunPython(forward, backward)]
