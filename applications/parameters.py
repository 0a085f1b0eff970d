"""First values of this room's parameters: which kinds of application go to the departments."""

from datetime import date

from applications.kinds import SERVICES, Kind, table_code
from parameters.models import Unit
from parameters.seeding import Seed

GROUP = "服务"
SOURCE = "常州市外办申办指南：续办与新办材料、步骤相同；其余服务不附证明材料"

SEEDS = [
    Seed(
        code=table_code(service.kind),
        group=GROUP,
        name=f"{service.label}送各部门审核（1送，0不送）",
        unit=Unit.PIECES,
        value=int(service.needs_table),
        source=SOURCE,
        source_on=date(2025, 2, 7),
        help="填1的送各部门填写审核表；填0的由服务站专员预审后核准。只管以后新开的申请。",
        most=1,
    )
    for service in SERVICES.values()
    if service.kind != Kind.NEW
]
