"""A bucket of the tests' own: moto's server on the loopback, in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

import boto3
from botocore.config import Config
from moto.server import ThreadedMotoServer

from tests.temporary_services import free_port
from wanzhou_abtc.shared_store import bucket_of

BUCKET: Final = "abtc-files"
GIVEN: Final = {
    "BUCKET": BUCKET,
    "REGION": "us-east-1",
    "KEY_ID": "only-for-tests",
    "SECRET": "only-for-tests",
    "ADDRESSING": "path",
    "CA": "",
}


@contextmanager
def bucket() -> Iterator[str]:
    """Serve one that is empty; yields the address at which it is asked."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        client(endpoint).create_bucket(Bucket=BUCKET)
        yield endpoint
    finally:
        server.stop()


def options(endpoint: str) -> dict[str, str]:
    """What FILES_S3 is with this bucket."""
    return bucket_of({**GIVEN, "ENDPOINT": endpoint})


def environment(endpoint: str) -> dict[str, str]:
    """The settings of a process that keeps its files there."""
    return {f"FILES_S3_{name}": value for name, value in GIVEN.items()} | {
        "FILES_S3_ENDPOINT": endpoint
    }


def client(endpoint: str) -> Any:
    """Who looks past the portal at what lies there."""
    given = {"aws_access_key_id": GIVEN["KEY_ID"], "aws_secret_access_key": GIVEN["SECRET"]}
    once = Config(retries={"max_attempts": 1})
    return boto3.client(
        "s3", endpoint_url=endpoint, region_name=GIVEN["REGION"], config=once, **given
    )


def names(endpoint: str) -> set[str]:
    """Of all that lies there."""
    listed = client(endpoint).list_objects_v2(Bucket=BUCKET)
    return {one["Key"] for one in listed.get("Contents", [])}
