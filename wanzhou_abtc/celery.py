"""The Celery application: worker and beat are started with `-A wanzhou_abtc`."""

import os
import sys
from typing import Any

from celery import Celery
from celery.loaders.app import AppLoader
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.utils.module_loading import import_string

from backups.holds import refuse_held_database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wanzhou_abtc.settings")


class SentenceLoader(AppLoader):
    """Celery's own; settings that stop the start do so with their sentence alone."""

    def config_from_object(self, obj: Any, silent: bool = False) -> Any:
        try:
            # It tells whether there were any, which its annotation does not say.
            return super().config_from_object(obj, silent=silent)
        except ImproperlyConfigured as problem:
            sys.exit(str(problem))

    def on_worker_init(self) -> None:
        """Worker and beat alike come through here; neither starts without the keys of the data."""
        super().on_worker_init()
        try:
            # By name: Django is set up only now.
            import_string("files.at_rest.key_ring.require_all_keys")()
            refuse_held_database()
        except ImproperlyConfigured as problem:
            sys.exit(str(problem))
        connections.close_all()


app = Celery("wanzhou_abtc", loader="wanzhou_abtc.celery:SentenceLoader")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
