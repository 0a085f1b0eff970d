"""Signatures in a PDF form: certificates, signing, verification. Knows nothing of the review."""
