"""The room's tasks, where Celery looks for them."""

from reports.stage.tasks import count_stage_report, sweep

__all__ = ["count_stage_report", "sweep"]
