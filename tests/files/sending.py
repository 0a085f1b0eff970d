"""A file as a browser or somebody's program sends it, with its name as it is."""

BOUNDARY = "----------------------------boundary"


def multipart(name: str, data: bytes, field: str = "files") -> tuple[bytes, str]:
    """Body and content type. Django's test client would tidy the name up first."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    head = (
        f"--{BOUNDARY}\r\n"
        f'Content-Disposition: form-data; name="{field}"; filename="{quoted}"\r\n'
        "Content-Type: application/octet-stream\r\n\r\n"
    )
    body = head.encode() + data + f"\r\n--{BOUNDARY}--\r\n".encode()
    return body, f"multipart/form-data; boundary={BOUNDARY}"
