"""Lists that leave as a table: streamed, safe to open, and recorded in the trail."""
