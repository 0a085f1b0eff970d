"""Template context of every page: the station's names and the menu."""

from django.conf import settings
from django.http import HttpRequest

from outreach.guide.pages import PAGES
from outreach.guide.views import LARGE_TYPE
from wanzhou_abtc.demo_mailbox import mailbox_is_open
from wanzhou_abtc.nav import FINDERS, LINKS, menu_for


def station(request: HttpRequest) -> dict[str, object]:
    user = getattr(request, "user", None)
    return {
        "station": {
            "name": settings.STATION_NAME,
            # Beside a menu there is no room for all of it.
            "short": f"{settings.STATION_SHORT}ABTC服务站",
            "district": settings.DISTRICT_NAME,
            "hotline": settings.HOTLINE,
            "is_demo": settings.DEMO,
            "has_mailbox": mailbox_is_open(),
            "foot": settings.SITE_FOOT,
        },
        "nav": menu_for(user),
        "can_find": getattr(user, "role", None) in FINDERS,
        "public_nav": PAGES,
        "is_large_type": bool(request.COOKIES.get(LARGE_TYPE)),
        "links": LINKS,
    }
