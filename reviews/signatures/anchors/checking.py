"""Checking of anchors: each is signed by the station, and says what the trail still says."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from asn1crypto import cms
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from accounts.models import AuditEvent, AuditSeal
from reviews.signatures.anchors.writing import anchors
from reviews.signatures.certificates import issuing
from reviews.signatures.models import Certificate


class AnchorBroken(Exception):
    """It is no anchor of this station's; the words say why."""


@dataclass(frozen=True)
class AnchorRead:
    """What a signed anchor says; `is_time_stamped`: an authority vouches for its time."""

    seal: int
    last_row: int
    digest: str
    previous: str
    previous_sha256: str
    is_time_stamped: bool


def read_anchor(data: bytes) -> AnchorRead:
    """Raises AnchorBroken unless the station's key signed it."""
    try:
        signed = cms.ContentInfo.load(data, strict=True)["content"]
        content = signed["encap_content_info"]["content"].native
        [signer] = signed["signer_infos"]
        serial = signer["sid"].chosen["serial_number"].native
        [certificate] = [
            one.chosen for one in signed["certificates"] if one.chosen.serial_number == serial
        ]
        # Its types are those of the data that it is given.
        intact, valid = validate_sig_integrity(
            signer, certificate, "data", hashlib.sha256(content).digest()
        )
        told: dict[str, Any] = json.loads(content)
        found = AnchorRead(
            told["seal"], told["last_row"], told["digest_sha256"],
            told["previous"], told["previous_sha256"],
            is_time_stamped=bool(signer["unsigned_attrs"].native),
        )  # fmt: skip
    # Whatever a file holds that somebody put there.
    except Exception as error:
        raise AnchorBroken("不是锚定文件，或者损坏了") from error
    if not (intact and valid):
        raise AnchorBroken("签名不符，内容被改动过")
    if not _is_stations(certificate.dump()):
        raise AnchorBroken("不是本服务站的证书签的")
    return found


def _is_stations(der: bytes) -> bool:
    """A registered certificate of the station's, in use or not any more."""
    registered = Certificate.objects.filter(kind=Certificate.Kind.STATION)
    return any(issuing.der(issuing.parse(one.certificate_pem)) == der for one in registered)


def told_of_anchors() -> tuple[str, list[str]]:
    """In words how many hold, and what is wrong; asked by `check_audit`."""
    paths = anchors()
    wrong = [f"{path.name}：{words}" for path, words in _wrong(paths)]
    written = AuditEvent.objects.filter(action="audit.anchor").values_list("after", flat=True)
    gone = {after["file"] for after in written} - {path.name for path in paths}
    wrong += [f"{name}：文件不见了" for name in sorted(gone)]
    if not paths:
        return "还没有锚定", wrong
    return f"锚定{len(paths)}份，最近的是{paths[-1].name}", wrong


def _wrong(paths: list[Path]) -> Iterator[tuple[Path, str]]:
    before: Path | None = None
    for path in paths:
        try:
            anchor = read_anchor(path.read_bytes())
        except (AnchorBroken, OSError) as error:
            yield path, str(error) if isinstance(error, AnchorBroken) else "打不开"
            before = path
            continue
        seal = AuditSeal.objects.filter(pk=anchor.seal).first()
        if seal is None:
            yield path, f"第{anchor.seal}号封存不见了"
        elif (seal.digest, seal.last_event_id) != (anchor.digest, anchor.last_row):
            yield path, f"第{anchor.seal}号封存与锚定时不同"
        digest = hashlib.sha256(before.read_bytes()).hexdigest() if before else ""
        if (anchor.previous, anchor.previous_sha256) != (before.name if before else "", digest):
            yield path, f"前一份{anchor.previous or '锚定'}不在，或者被换过"
        before = path
