"""Colours of a picture: from the profile that it carries to sRGB, which everybody else assumes.

Phones write Display P3, cameras Adobe RGB. Without its profile such a picture is paler than it
was; the checks and the national system see it as a browser shows it.
"""

import io

from PIL import Image, ImageCms

SRGB = ImageCms.createProfile("sRGB")
# Profiles of cameras and phones have some kilobytes, those of printers up to a few megabytes.
MOST_PROFILE_BYTES = 4 * 1024 * 1024
PROFILE_ERRORS = (ImageCms.PyCMSError, OSError, ValueError, TypeError)


def is_srgb(profile: bytes | None) -> bool:
    """Whether a picture with this profile (ICC) has sRGB colours; so it has without any."""
    if not profile:
        return True
    opened = _opened(profile)
    if opened is None:
        return False
    try:
        return "srgb" in ImageCms.getProfileDescription(opened).lower()
    except PROFILE_ERRORS:
        return False


def to_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """An RGB or L picture in sRGB; the same where its profile is none, broken or of other modes.

    An RGB picture is converted in place.
    """
    if not profile or is_srgb(profile):
        return image
    opened = _opened(profile)
    if opened is None:
        return image
    in_place = image.mode == "RGB"
    try:
        converted = ImageCms.profileToProfile(
            image,
            opened,
            SRGB,
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode=None if in_place else "RGB",
            inPlace=in_place,
        )
    except PROFILE_ERRORS:
        return image
    return converted or image


def _opened(profile: bytes) -> ImageCms.ImageCmsProfile | None:
    if len(profile) > MOST_PROFILE_BYTES:
        return None
    try:
        return ImageCms.ImageCmsProfile(io.BytesIO(profile))
    except PROFILE_ERRORS:
        return None
