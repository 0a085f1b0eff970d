"""What the page renderer and its caller agree on: limits, and the renderer's exit statuses."""

DPI = 200
MAX_PAGES = 50
MAX_PIXELS = 12_000_000
MAX_HEIC_PIXELS = 25_000_000

LOCKED, TOO_MANY_PAGES, UNREADABLE, TOO_MANY_PIXELS, TOO_COMPLEX, TOO_LARGE = 3, 4, 5, 6, 7, 8
