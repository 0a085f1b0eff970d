"""Addresses of articles and common questions at the station's desk."""

from django.urls import path, register_converter

from outreach.articles import views


class ActConverter:
    regex = "|".join(views.ACTS)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(ActConverter, "article_act")

urlpatterns = [
    path("outreach/articles/", views.article_list, name="article_list"),
    path("outreach/articles/new/", views.article_new, name="article_new"),
    path("outreach/articles/<int:pk>/", views.article_edit, name="article_edit"),
    path("outreach/articles/<int:pk>/write/", views.article_write, name="article_write"),
    path("outreach/articles/<int:pk>/publish/", views.article_publish, name="article_publish"),
    path("outreach/articles/<int:pk>/post/", views.article_post, name="article_post"),
    path("outreach/articles/<int:pk>/chase/", views.article_chase, name="article_chase"),
    path("outreach/articles/<int:pk>/<article_act:act>/", views.article_act, name="article_act"),
    path("news/<int:pk>/read/", views.article_read, name="article_read"),
    path("outreach/questions/", views.question_list, name="question_list"),
    path("outreach/questions/new/", views.question_new, name="question_new"),
    path("outreach/questions/<int:pk>/", views.question_edit, name="question_edit"),
    path("outreach/links/", views.link_list, name="link_list"),
]
