"""Spreadsheets that come in: read, mapped, compared, written as a batch, undone (ADR 0048)."""
