"""Password hasher: Argon2id with 19 MiB (ADR 21)."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """Argon2id within 19 MiB, two rounds, one lane: the least that OWASP recommends.

    Django's own setting takes 100 MiB and a quarter of a second of two cores each time; four
    liaisons who confirm with their password at once would take a web process beyond its memory
    (docs/adr/0021).
    """

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1
