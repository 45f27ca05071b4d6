"""Pages of desk."""

from __future__ import annotations

from django.urls import URLPattern, path

from guanxi.desk.views.customer import customer
from guanxi.desk.views.home import home
from guanxi.desk.views.reminders import bell, reminders
from guanxi.desk.views.search import search

urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    path("search/", search, name="search"),
    path("reminders/", reminders, name="reminders"),
    path("reminders/bell/", bell, name="bell"),
    path("customers/<int:customer_id>/", customer, name="customer"),
]
