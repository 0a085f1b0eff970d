"""Where Celery looks for the room's tasks."""

from outreach.articles.tasks import check_all_links, spread_articles

__all__ = ["check_all_links", "spread_articles"]
