"""Where Celery looks for the room's tasks."""

from outreach.articles.tasks import check_all_links, spread_articles
from outreach.texting.tasks import send_texts

__all__ = ["check_all_links", "send_texts", "spread_articles"]
