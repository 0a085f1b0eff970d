"""The demonstration's demand ledger: invented enterprises of the district's trades and towns."""

from datetime import timedelta
from typing import Final

from django.utils import timezone

from accounts.models import User
from enterprises.ledger.services import add_demand, change_demand, note_contact
from enterprises.models import Contact, Demand, Enterprise, Stage

# Core of the name, trade, town, economies, people who may want a card, how far (an index of WAYS).
ROWS: Final = (
    ("平湖机电", "机电装备", "双河口街道", "VNM IDN THA", 4, 2),
    ("长岭柑橘果业", "柑橘种植与出口", "长岭镇", "RUS MYS SGP", 3, 2),
    ("甘宁玫瑰香橙", "柑橘种植与出口", "甘宁镇", "RUS", 2, 1),
    ("太龙古红桔", "柑橘种植与出口", "太龙镇", "RUS VNM", 1, 0),
    ("大周血橙专业", "柑橘种植与出口", "大周镇", "", 1, 0),
    ("鱼泉榨菜食品", "食品加工", "五桥街道", "JPN KOR SGP", 3, 3),
    ("诗仙调味食品", "食品加工", "太白街道", "JPN", 2, 1),
    ("弹子石冷链食品", "食品加工", "龙都街道", "VNM THA", 2, 1),
    ("三峡烤鱼预制菜", "食品加工", "高峰镇", "MYS SGP AUS", 2, 2),
    ("熊家面业", "食品加工", "熊家镇", "", None, 0),
    ("李河山胡椒油", "食品加工", "李河镇", "KOR", 1, 4),
    ("高峰铜材科技", "有色金属加工", "高峰镇", "KOR JPN VNM", 6, 3),
    ("天城铝业新材料", "有色金属加工", "天城镇", "VNM IDN", 4, 1),
    ("龙都线缆", "有色金属加工", "龙都街道", "PHL", 2, 1),
    ("新田港航物流", "港航物流", "新田镇", "SGP VNM", 3, 2),
    ("红溪沟船务", "港航物流", "沙河街道", "SGP", 2, 1),
    ("江南多式联运", "港航物流", "陈家坝街道", "RUS VNM THA", 2, 0),
    ("北山照明电气", "照明电气", "周家坝街道", "MEX CHL PER", 5, 3),
    ("百安光电科技", "照明电气", "百安坝街道", "JPN AUS", 3, 1),
    ("万安川灯饰", "照明电气", "周家坝街道", "IDN PHL", 2, 0),
    ("西溪铺汽车配件", "汽车零部件", "五桥街道", "MEX THA RUS", 4, 2),
    ("枇杷坪精密齿轮", "汽车零部件", "双河口街道", "RUS", 3, 1),
    ("塘坊弹簧制造", "汽车零部件", "天城镇", "THA", 1, 0),
    ("九池盐气化工", "盐气化工", "龙都街道", "KOR JPN", 3, 1),
    ("瀼渡助剂化工", "盐气化工", "瀼渡镇", "VNM", 2, 0),
    ("分水中药饮片", "医药", "分水镇", "KOR SGP", 2, 1),
    ("余家道地药材", "医药", "余家镇", "", 1, 4),
    ("高笋塘跨境电商", "跨境电商", "高笋塘街道", "MYS THA SGP", 3, 2),
    ("牌楼云仓电子商务", "跨境电商", "牌楼街道", "RUS", 2, 1),
    ("钟鼓楼数字贸易", "跨境电商", "钟鼓楼街道", "JPN KOR", 2, 0),
    ("太白对外工程承包", "境外工程", "太白街道", "PNG IDN MYS", 8, 3),
    ("武陵劳务合作", "境外工程", "武陵镇", "PNG", 2, 1),
    ("五桥丝绸纺织", "纺织服装", "五桥街道", "JPN AUS NZL", 3, 2),
    ("沙河服饰", "纺织服装", "沙河街道", "CHL", 2, 0),
    ("龙沙竹木制品", "竹木制品", "龙沙镇", "AUS", 1, 1),
    ("白羊茶业", "茶叶", "长岭镇", "RUS", 1, 1),
    ("铁峰山茶油", "茶叶", "李河镇", "", None, 0),
    ("陈家坝智能装备", "机电装备", "陈家坝街道", "VNM MYS", 3, 2),
    ("密溪沟水处理设备", "机电装备", "百安坝街道", "IDN", 2, 1),
    ("周家坝检测技术服务", "技术服务", "周家坝街道", "", 1, 4),
)
WAYS: Final = (
    Stage.UNTOUCHED,
    Stage.TOLD,
    Stage.INTERESTED,
    Stage.PREPARING,
    Stage.NOT_NEEDED,
)
STEPS: Final = (
    "再打电话，问今年的出访计划",
    "上门走访，带政策单页",
    "邀请参加宣讲会",
    "指导注册和备材料",
)
TOLD_BY: Final = (
    (Contact.Kind.CALL, "介绍了旅行卡能去哪里、怎么办，对方要看一份书面材料。"),
    (Contact.Kind.VISIT, "上门介绍政策，负责人在场，问了费用和要多久。"),
    (Contact.Kind.BRIEFING, "参加了年中的政策宣讲会。"),
    (Contact.Kind.GROUP, "在企业群里看到政策指南，打来核实条件。"),
)
PEOPLE: Final = ("冉", "向", "谭", "牟", "崔", "熊", "骆", "程", "幸", "付")
KINDS: Final = (Enterprise.Kind.PRIVATE, Enterprise.Kind.PRIVATE, Enterprise.Kind.DISTRICT)


def fill_ledger(*, officer: User) -> None:
    """Before anybody signs up: two of the rows will be found by those who do."""
    for index, row in enumerate(ROWS):
        _add(index, row, officer=officer)


def _add(
    index: int,
    row: tuple[str, str, str, str, int | None, int],
    *,
    officer: User,
) -> None:
    core, trade, town, economies, number, way = row
    demand = add_demand(
        by=officer,
        name=f"重庆{core}样例有限公司",
        source=Demand.Source.LIST if index % 3 else Demand.Source.TOWN,
        trade=trade,
        town=town,
        economies=economies.split(),
        intended_number=number,
        kind=KINDS[index % len(KINDS)],
        contact_name=f"{PEOPLE[index % len(PEOPLE)]}样例",
        contact_position="外贸部经理" if index % 2 else "办公室主任",
        contact_phone=f"139000{50100 + index}",
        is_key=index % 6 == 0,
        is_pilot=way == WAYS.index(Stage.PREPARING),
        is_qualified=True if index % 4 else None,
        owner=officer if index % 5 else None,
    )
    if way:
        _tell(demand, index, officer=officer)
    demand.refresh_from_db()
    change_demand(
        demand=demand,
        by=officer,
        seen_version=demand.version,
        stage=WAYS[way],
        reason="今年没有出境计划，明年再问" if WAYS[way] == Stage.NOT_NEEDED else "",
        **_next_step(index, way),
    )


def _tell(demand: Demand, index: int, *, officer: User) -> None:
    kind, words = TOLD_BY[index % len(TOLD_BY)]
    note_contact(
        demand=demand,
        by=officer,
        kind=kind,
        at=timezone.now() - timedelta(days=3 + index * 2, hours=index % 7),
        words=words,
        is_telling=True,
        nonce=f"demonstration-telling-{index}",
    )


def _next_step(index: int, way: int) -> dict[str, object]:
    """For three of four that are on the way; a few are due today or over."""
    if way == WAYS.index(Stage.NOT_NEEDED) or index % 4 == 3:
        return {}
    day = timezone.localdate() + timedelta(days=index % 17 - 2)
    return {"next_step": STEPS[index % len(STEPS)], "next_on": day}
