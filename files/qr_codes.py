"""QR codes on a picture."""

import zxingcpp
from PIL import Image

# A4 at 300 dpi: more pixels tell no more of a code, and cost time.
LONGEST = 3508
FORMATS = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)


def qr_texts(image: Image.Image) -> set[str]:
    """Texts of the QR codes that can be read, however the page lies; empty where none can be."""
    shades = image.convert("L")
    shades.thumbnail((LONGEST, LONGEST))
    found = zxingcpp.read_barcodes(shades, formats=FORMATS)
    return {code.text for code in found}
