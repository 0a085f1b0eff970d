"""Sign-on by a platform outside, which vouches for a person in place of his password (ADR 76)."""
