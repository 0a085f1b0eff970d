"""The room's tasks, where Celery looks for them."""

from reports.archiving.tasks import make_packages, sweep_packages
from reports.stage.tasks import count_stage_report, sweep

__all__ = ["count_stage_report", "make_packages", "sweep", "sweep_packages"]
