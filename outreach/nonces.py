"""A number for one page that is sent: sent twice, it makes one row."""

from typing import Final

from django.utils.crypto import get_random_string

LENGTH: Final = 32


def new_nonce() -> str:
    return get_random_string(LENGTH)
