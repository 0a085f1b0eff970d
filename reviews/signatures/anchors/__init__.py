"""Anchors of the audit trail: its state signed each day, outside the database (ADR 79)."""
