"""Free space where files are stored. Uploads stop while some is left for what the portal writes."""

import shutil

from django.conf import settings

from files.refusals import StoreRefused

NO_UPLOADS = "系统的存储空间快用完了，暂时不收文件。"
MEND = "请明天再试；急办的请联系服务站。已经上传和填写的内容不受影响。"


def is_low(more: int = 0) -> bool:
    """Whether less than LEAST_FREE_MB would be left with so many bytes more.

    A place that cannot be looked at has no room.
    """
    try:
        free = shutil.disk_usage(settings.MEDIA_ROOT).free
    except OSError:
        return True
    return bool(free - more < settings.LEAST_FREE_BYTES)


def require_disk(more: int = 0) -> None:
    """Raise StoreRefused where an upload of so many bytes would take the disk's last space."""
    if is_low(more):
        raise StoreRefused("disk_low", NO_UPLOADS, MEND)
