"""Files given out at a briefing: a PDF as it is, or a picture."""

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from files.disk import require_disk
from files.pictures import refuse_size
from files.refusals import PictureRefused
from files.scanning import scan
from files.services import Cleared, clear_picture, readable_name
from files.sniffing import describe, sniff


def read_material(upload: "UploadedFile[bytes]") -> Cleared:
    """Looked at, and not yet written. Raises a files.refusals.FileRefused.

    A PDF stays one: whoever came wants the slides, not pictures of them. It leaves the portal as
    a download alone, and no browser opens it within the portal.
    """
    refuse_size(upload.size or 0, settings.MAX_UPLOAD_BYTES)
    data, name = upload.read(), readable_name(upload.name or "")
    kind = sniff(data)
    if kind == "application/pdf":
        require_disk(len(data))
        scan(data)
        return Cleared(data=data, media_type=kind, name=name)
    if kind not in ("image/jpeg", "image/png"):
        raise PictureRefused(
            "not_a_material",
            f"这里收PDF、JPG和PNG，这个文件是{describe(data)}。",
            "PPT、Word请先另存为PDF再上传。",
        )
    return clear_picture(data, name=name)
