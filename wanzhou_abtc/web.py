"""Gunicorn settings: `gunicorn -c python:wanzhou_abtc.web wanzhou_abtc.wsgi`.

An option on the command line, as `--bind` or `--workers`, wins over what stands here.
"""

import ctypes
import sys
import threading
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

workers = 2
# Heavy work keeps at most four of them busy (core/work_places.py); the rest answer.
threads = 6
timeout = 120
loglevel = "warning"
# The most that it takes, so that the portal itself says in words that an address is too long.
limit_request_line = 8190
# The portal is loaded once, before the workers part: they share its memory and start at once.
preload_app = True

# glibc's M_ARENA_MAX: otherwise each thread keeps what it once used, a fifth of a worker's memory.
ARENA_MAX: Final = -8
ctypes.CDLL(None).mallopt(ARENA_MAX, 2)


def on_starting(server: Any) -> None:
    """Before it listens: a trial stays on this machine, and old data becomes its owner's alone."""
    try:
        if settings.DEBUG or settings.DEMO:
            import_string("wanzhou_abtc.environment.keep_trial_on_loopback")(server.address)
    except ImproperlyConfigured as problem:
        sys.exit(str(problem))
    import_string("wanzhou_abtc.private_folders.tighten")(settings.PORTAL_DATA)


def post_worker_init(_worker: object) -> None:
    """Open the fonts now, beside the first requests, so that no liaison waits for it."""
    # By name: what needs settings is there only once gunicorn has loaded the portal.
    warm_up = import_string("reviews.pdf.warm_up")
    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
