"""Addresses of the room, part by part."""

from outreach.articles.urls import urlpatterns as articles
from outreach.briefings.urls import urlpatterns as briefings
from outreach.desk.urls import urlpatterns as desk
from outreach.guide.urls import urlpatterns as guide
from outreach.plan.urls import urlpatterns as plan
from outreach.self_test.urls import urlpatterns as self_test
from outreach.symposia.urls import urlpatterns as symposia
from outreach.visits.urls import urlpatterns as visits

app_name = "outreach"
urlpatterns = [
    *guide,
    *self_test,
    *desk,
    *articles,
    *plan,
    *briefings,
    *visits,
    *symposia,
]
