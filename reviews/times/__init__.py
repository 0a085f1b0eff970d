"""How long departments took: first responses, measured months, and sums of months that are over.

The sums are rows, so that a year's figures cost the same for a thousand cases and for a million
(docs/adr/0065).
"""
