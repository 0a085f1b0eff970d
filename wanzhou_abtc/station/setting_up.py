"""Setting a station up from its file: all of it or nothing, and not over live cases."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts import departments
from accounts.audit import record
from accounts.models import Department
from applications.models import Application
from cards.models import Filing
from cards.workflow import FINAL
from core.faults import fault_words
from core.station_parts import station_parts
from reviews.signatures.certificates import authority
from wanzhou_abtc.station import identity


class StationRefused(Exception):
    """The file is right, and is not carried out here; the sentence says why."""


def live_cases() -> int:
    """Applications that are not decided, and filings under way."""
    filings = Filing.objects.exclude(stage__in=FINAL)
    return Application.objects.open().count() + filings.count()


def set_up(content: Mapping[str, Any], *, over_live_cases: bool = False) -> dict[str, int]:
    """Make this the station of the file, which was checked; how many things changed, by part.

    Raises StationRefused, and then everything is as it was.
    """
    values = identity.values_of(content)
    if named := identity.overruled(values):
        raise StationRefused(
            f"环境变量或 env 文件里写了{'、'.join(named)}，与这个文件不同，会盖过它。请先去掉再试。"
        )
    try:
        with transaction.atomic():
            changed = _load(content)
            if any(changed.values()):
                _refuse_live(over_live_cases=over_live_cases)
                record(
                    "station.init",
                    Department.objects.get(signs_last=True),
                    by=None,
                    after=changed,
                    label=content["station"]["name"],
                )
            identity.save(values)
    except OSError as error:
        raise StationRefused(f"PORTAL_DATA 写不进去：{fault_words(error)}。") from error
    finally:
        departments.forget()
    identity.put_in_force(values)
    # Certificates are made out to names.
    authority.rename()
    return changed


def _load(content: Mapping[str, Any]) -> dict[str, int]:
    changed = {part.code: part.difference(content[part.code]) for part in identity.PARTS}
    for part in station_parts():
        if part.code in content:
            changed[part.code] = part.load(content[part.code])
    return changed


def _refuse_live(*, over_live_cases: bool) -> None:
    if not over_live_cases and (count := live_cases()):
        raise StationRefused(
            f"这个服务站有{count}件在办，没有改动：在办的申请、审核表照原来的部门和时限办。"
            "先办结再设置；确实要现在改的，加 --over-live-cases。"
        )
