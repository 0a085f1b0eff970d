"""Addresses of what follows the review table, each part's own list."""

from cards.duty.urls import duty_urls
from cards.filing.urls import filing_urls
from cards.followup.urls import followup_urls
from cards.holding.urls import holding_urls
from cards.renewals.urls import renewal_urls

app_name = "cards"
urlpatterns = [
    *filing_urls,
    *holding_urls,
    *renewal_urls,
    *duty_urls,
    *followup_urls,
]
