"""The type of a request whose sender is signed in, for views behind the sign-in."""

from django.http import HttpRequest

from accounts.models import User


class SignedInRequest(HttpRequest):
    user: User
