"""Gunicorn settings: `gunicorn -c python:wanzhou_abtc.web wanzhou_abtc.wsgi`.

An option on the command line, as `--bind` or `--workers`, wins over what stands here.
"""

import ctypes
import threading
from typing import Final

from django.utils.module_loading import import_string

workers = 2
threads = 4
timeout = 120
loglevel = "warning"
# The portal is loaded once, before the workers part: they share its memory and start at once.
preload_app = True

# glibc's M_ARENA_MAX: otherwise each thread keeps what it once used, a fifth of a worker's memory.
ARENA_MAX: Final = -8
ctypes.CDLL(None).mallopt(ARENA_MAX, 2)


def post_worker_init(_worker: object) -> None:
    """Open the fonts now, beside the first requests, so that no liaison waits for it."""
    # By name: what needs settings is there only once gunicorn has loaded the portal.
    warm_up = import_string("reviews.pdf.warm_up")
    threading.Thread(target=warm_up, name="warm-up", daemon=True).start()
