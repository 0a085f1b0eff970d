"""Limits of the sheet reader and its exit statuses, for it and its caller."""

MOST_UNZIPPED = 80 * 1024**2
MOST_PARTS = 2_000
MOST_ROWS = 20_000
MOST_COLUMNS = 200
# Longer than any column of the portal; the rest of a cell is not read.
MOST_TEXT = 2_000
# A head may have a title and notes above it.
HEAD_WITHIN = 15
# What the process writes to, on top of what its libraries take.
MEMORY = 500 * 1024**2
CPU_SECONDS = 40

LOCKED, MACROS, OLD_FORMAT, OTHER_FORMAT, NOT_A_SHEET, TOO_LARGE_INSIDE = 3, 4, 5, 6, 7, 8
TOO_MANY_ROWS, TOO_MANY_COLUMNS, EMPTY, UNREADABLE, TOO_COMPLEX = 9, 10, 11, 12, 13
