"""Verification of a signed table: whom to trust, each signature judged, the whole file examined."""
