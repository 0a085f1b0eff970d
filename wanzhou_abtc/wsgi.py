"""WSGI entry for gunicorn."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import get_resolver
from django.utils.module_loading import import_string

from backups.holds import refuse_held_database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wanzhou_abtc.settings")
try:
    application = get_wsgi_application()
    # By name: what needs settings is there only now.
    import_string("files.at_rest.key_ring.require_all_keys")()
    refuse_held_database()
except ImproperlyConfigured as problem:
    sys.exit(str(problem))
# The workers part from this process: each opens a connection of its own.
connections.close_all()
# Django would load the pages at the first request, and somebody would wait for it.
_ = get_resolver().url_patterns
