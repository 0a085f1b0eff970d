"""Time lines: everything that happened to a case or an enterprise, read from every room."""
