"""Stored files at rest: how they are encrypted, by which keys, how keys change (ADR 69)."""
