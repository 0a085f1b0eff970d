"""Limits of the page renderer and its exit statuses, for it and its caller."""

DPI = 200
MAX_PAGES = 50
MAX_PIXELS = 12_000_000
MAX_HEIC_PIXELS = 25_000_000

LOCKED, TOO_MANY_PAGES, UNREADABLE, TOO_MANY_PIXELS, TOO_COMPLEX, TOO_LARGE = 3, 4, 5, 6, 7, 8
ONLY_A_NOTICE = 9
