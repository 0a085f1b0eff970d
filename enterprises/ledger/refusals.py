"""Refusals of the ledger, each in words for the officer."""


class LedgerRefused(Exception):
    """The ledger cannot be changed so; the text says why."""
