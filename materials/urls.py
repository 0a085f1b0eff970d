"""Addresses of the pages of a material, below those of its owner."""

from django.urls import URLPattern, path

from materials import views
from materials.views import FindPage


def page_paths(start: str, find: FindPage) -> list[URLPattern]:
    """The same seven for each owner; `start` ends with the page's own number."""
    given = {"find": find}
    return [
        path(start, views.page_file, given, name="page_file"),
        path(f"{start}thumb/", views.page_thumb, given, name="page_thumb"),
        path(f"{start}remove/", views.page_remove, given, name="page_remove"),
        path(f"{start}restore/", views.page_restore, given, name="page_restore"),
        path(f"{start}move/", views.page_move, given, name="page_move"),
        path(f"{start}turn/", views.page_turn, given, name="page_turn"),
        path(f"{start}replace/", views.page_replace, given, name="page_replace"),
    ]
