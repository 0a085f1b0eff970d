"""Topics of consultations: the closed list that the station keeps."""

from django.db import transaction

from accounts.audit import record
from accounts.models import User
from core.versions import claim
from outreach.models import ConsultationTopic


@transaction.atomic
def save_topic(topic: ConsultationTopic, *, by: User) -> None:
    """Keep a topic. Raises Overtaken."""
    if topic.pk:
        claim(topic)
    topic.save()
    record("topic.save", topic, by=by, after={"name": topic.name})
