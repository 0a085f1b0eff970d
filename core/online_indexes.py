"""Indexes made while people go on working: migrations of large tables name them so.

A migration that uses it says `atomic = False`: PostgreSQL makes such an index outside of a
transaction.
"""

from typing import Any

from django.db import migrations


class AddIndexOnline(migrations.AddIndex):
    """An index that keeps nobody from writing while it is made, where the database knows how.

    What an interrupted one left is taken away first, so that the migration can be run again.
    """

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            name = schema_editor.quote_name(self.index.name)
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            schema_editor.add_index(model, self.index, concurrently=True)
