"""A person's rights over his data: the register, requests, deletion (ADR 80, 81)."""
