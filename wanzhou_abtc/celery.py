"""The Celery application: worker and beat are started with `-A wanzhou_abtc`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wanzhou_abtc.settings")

app = Celery("wanzhou_abtc")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
