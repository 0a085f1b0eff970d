"""Setting up another of the city's stations from one file, and writing that file (ADR 62)."""
