"""Wires the rooms together; no room imports this one."""

from wanzhou_abtc.celery import app as celery_app

__all__ = ["celery_app"]
