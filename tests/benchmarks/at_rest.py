"""Encrypted files beside plain ones: a page of 5 MB read through its view, and uploaded.

Both sides are the same request through the same checks; only the storage behind differs.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from files.models import StoredFile
from tests.benchmarks.table import Measure, ratio, seconds
from tests.benchmarks.uploads import encoded, photograph
from tests.factories import ApplicationFactory, agent_of, material_page

READS, BARE_READS, UPLOADS = 40, 60, 12
MOST_READING, MOST_UPLOADING = 1.3, 1.1
OK, FOUND = 200, 302
MATERIAL = 5


def measure() -> list[Measure]:
    pictures = photograph()
    data = encoded(pictures)
    application = ApplicationFactory.create()
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(agent_of(application.enterprise))
    return [
        reading(client, application, data),
        bare_reading(data),
        uploading(client, pictures),
    ]


@contextmanager
def plain() -> Iterator[None]:
    """Stored files as they were before they were encrypted: a folder alone, as Django has it."""
    field: Any = StoredFile._meta.get_field("content")
    kept, field.storage = field.storage, FileSystemStorage()
    try:
        yield
    finally:
        field.storage = kept


def reading(client: Client, application: Any, data: bytes) -> Measure:
    encrypted = material_page(application, MATERIAL, data)
    with plain():
        open_one = material_page(application, MATERIAL, data)

    def read(page: Any) -> None:
        address = reverse("applications:page_file", args=[application.pk, MATERIAL, page.pk])
        response: Any = client.get(address)
        taken = sum(len(part) for part in response.streaming_content)
        if response.status_code != OK or taken != len(data):
            raise AssertionError(response.status_code, taken)

    ours, theirs = [], []
    for _ in range(READS):
        with plain():
            theirs.append(seconds(lambda: read(open_one)))
        ours.append(seconds(lambda: read(encrypted)))
    return Measure(
        "取一页 5 MB 的文件 ÷ 不加密", ratio(ours, theirs), MOST_READING, "倍", words(ours, theirs)
    )


def bare_reading(data: bytes) -> Measure:
    """What the storage alone takes; nobody waits for this by itself."""
    names = {"sealed": "bench/sealed.jpg", "plain": "bench/plain.jpg"}
    backends: dict[str, Storage] = {"sealed": storages["default"], "plain": FileSystemStorage()}
    for kind, storage in backends.items():
        names[kind] = storage.save(names[kind], ContentFile(data))

    def read(kind: str) -> None:
        with backends[kind].open(names[kind]) as file:
            if len(file.read()) != len(data):
                raise AssertionError(kind)

    ours, theirs = [], []
    for _ in range(BARE_READS):
        theirs.append(seconds(lambda: read("plain")))
        ours.append(seconds(lambda: read("sealed")))
    note = f"{words(ours, theirs)}；只看存储本身，不是要求"
    what = "　　其中存储读出：多用的毫秒"
    return Measure(what, (min(ours) - min(theirs)) * 1000, float("inf"), "ms", note)


def uploading(client: Client, pictures: Image.Image) -> Measure:
    """Each picture differs from the last by a pixel: the same one is not kept twice."""
    ours: list[float] = []
    theirs: list[float] = []
    for number in range(UPLOADS + 1):
        application = ApplicationFactory.create()
        client.force_login(agent_of(application.enterprise))
        where = reverse("applications:material_upload", args=[application.pk, MATERIAL])
        first, second = changed(pictures, 2 * number), changed(pictures, 2 * number + 1)
        # Whichever comes second finds a page more beside it: they take turns at that.
        for is_plain in (True, False) if number % 2 else (False, True):
            data = first if is_plain else second
            with plain() if is_plain else nullcontext():
                took = seconds(lambda: send(client, where, data))  # noqa: B023
            (theirs if is_plain else ours).append(took)
        # The first round warms everything up.
        if number == 0:
            ours, theirs = [], []
    return Measure(
        "上传 5 MB 并检查 ÷ 不加密", ratio(ours, theirs), MOST_UPLOADING, "倍", words(ours, theirs)
    )


def changed(pictures: Image.Image, number: int) -> bytes:
    pictures.putpixel((100 + number, 100), (number, 255 - number, 0))
    return encoded(pictures)


def send(client: Client, where: str, data: bytes) -> None:
    file = SimpleUploadedFile("page.jpg", data, "image/jpeg")
    response = client.post(where, {"files": file}, headers={"Accept": "application/json"})
    if response.status_code not in (OK, FOUND):
        raise AssertionError(response.status_code, response.content[:300])


def words(ours: list[float], theirs: list[float]) -> str:
    return f"{min(ours) * 1000:.1f} ms，不加密 {min(theirs) * 1000:.1f} ms"
