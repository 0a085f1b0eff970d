"""Addresses of the public guide."""

from django.urls import path

from outreach.guide import views
from outreach.guide.pages import PAGES

urlpatterns = [
    *(
        path(f"guide/{page.code}/", views.guide_page, {"code": page.code}, name=page.code)
        for page in PAGES
    ),
    path("guide/downloads/<slug:code>.pdf", views.paper, {"ending": "pdf"}, name="paper"),
    path("guide/downloads/<slug:code>.docx", views.paper, {"ending": "docx"}, name="paper_docx"),
    path("search/", views.search_page, name="search"),
    path("news/", views.news, name="news"),
    path("news/<int:pk>/", views.article, name="article"),
    path("large-type/", views.large_type, name="large_type"),
]
