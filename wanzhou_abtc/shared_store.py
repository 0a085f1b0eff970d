"""Where stored files lie, as Django's STORAGES says it: a folder, or a bucket that hosts share.

What encrypts them stands before it (ADR 69, 82).
"""

from collections.abc import Mapping
from typing import Any, Final

from django.core.exceptions import ImproperlyConfigured

FOLDER: Final = "files.at_rest.folder.FolderStorage"
BUCKET: Final = "files.object_store.ObjectStore"
STYLES: Final = ("path", "virtual")


def bucket_of(given: Mapping[str, str]) -> dict[str, str]:
    """The bucket's options, {} where none is given; `given` by what is left of the settings' names
    without FILES_S3_. Raises ImproperlyConfigured for half a bucket."""
    if not given["BUCKET"]:
        return {}
    lacking = [name for name in ("ENDPOINT", "KEY_ID", "SECRET") if not given[name]]
    if lacking:
        names = "、".join(f"FILES_S3_{name}" for name in lacking)
        raise ImproperlyConfigured(f"设了 FILES_S3_BUCKET，却没有设 {names}，请补上。")
    if given["ADDRESSING"] not in STYLES:
        raise ImproperlyConfigured("环境变量 FILES_S3_ADDRESSING 应为 path 或 virtual。")
    options = {
        "bucket_name": given["BUCKET"],
        "endpoint_url": given["ENDPOINT"],
        "region_name": given["REGION"],
        "access_key": given["KEY_ID"],
        "secret_key": given["SECRET"],
        "addressing_style": given["ADDRESSING"],
    }
    return options | ({"verify": given["CA"]} if given["CA"] else {})


def store_of_files(bucket: Mapping[str, str]) -> dict[str, Any]:
    """The entry of STORAGES in which stored files lie. None is written over."""
    if not bucket:
        return {"BACKEND": FOLDER}
    return {"BACKEND": BUCKET, "OPTIONS": {**bucket, "location": "files", "file_overwrite": False}}


def store_of_keys(bucket: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """That of the keystore; {} where it is a folder, which has an entry of its own no more."""
    if not bucket:
        return {}
    options = {**bucket, "location": "keys", "file_overwrite": True}
    return {"keystore": {"BACKEND": BUCKET, "OPTIONS": options}}
