"""Dated parameters: fees, stays, periods and thresholds, each with source and day, as rows.

A room seeds its own by a migration (`seeding`) and asks for them by code (`values`); the station
changes them on a page. See ADR 45.
"""
