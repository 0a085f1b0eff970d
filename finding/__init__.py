"""One index by which staff find anything: names, initials, numbers. See ADR 53.

A row that people look for is `Findable`: it says by which words and numbers, and its entry in the
index is written with it. What a person may see is asked of the rows themselves, not of the index.
"""
