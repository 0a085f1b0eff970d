"""Addresses of the demand ledger."""

from django.urls import path

from enterprises.ledger.views import adding, batch, coverage, exporting, listing, row

app_name = "ledger"
urlpatterns = [
    path("", listing.demand_list, name="list"),
    path("new/", adding.add, name="new"),
    path("batch/", batch.batch, name="batch"),
    path("export/", exporting.export, name="export"),
    path("coverage/", coverage.coverage_page, name="coverage"),
    path("filters/save/", listing.filter_save, name="filter_save"),
    path("filters/<int:pk>/delete/", listing.filter_delete, name="filter_delete"),
    path("<int:pk>/", row.detail, name="detail"),
    path("<int:pk>/edit/", row.edit, name="edit"),
    path("<int:pk>/step/", listing.step, name="step"),
    path("<int:pk>/note/", row.note, name="note"),
    path("<int:pk>/reveal/", row.reveal, name="reveal"),
]
