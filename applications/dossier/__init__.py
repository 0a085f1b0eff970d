"""The ten materials of an application as people see them, with what was typed and read."""
