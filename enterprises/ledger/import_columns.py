"""Columns of the ledger's table, that comes in and goes out with the same heads."""

from typing import Final

from core.masks import mask_phone
from enterprises.ledger import import_cells as cells
from imports.kinds import Column

ANSWER: Final = "answer"
NUMBER: Final = "number"

FACTS: Final = (
    Column(
        NUMBER, "台账编号", cells.number, width=10,
        note="由导出的表带来，照原样保留，就按编号找到那一户；新的一户留空。", example="",
    ),
    Column(
        "name", "单位名称", cells.name(120), is_needed=True, may_be_blank=True, width=34,
        aliases=("企业名称", "名称", "公司名称", "企业", "单位", "公司", "单位全称", "企业全称"),
        note="同一家有几条联系记录的，每条一行，名称照写，或者除联系记录外都留空。",
        example="样例贸易有限公司",
    ),
    Column("short_name", "简称", cells.name(60), aliases=("企业简称",), example="样例贸易"),
    Column(
        "former_names", "曾用名", cells.name(300), aliases=("原名", "曾用名称"),
        note="几个曾用名用顿号分开。", example="样例商贸有限公司",
    ),
    Column(
        "credit_code", "统一社会信用代码", cells.credit_code, width=22,
        aliases=("信用代码", "社会信用代码", "企业信用代码"),
        note="有的请写：按它认出是不是同一家。", example="91500101YYYY00012R",
    ),
    Column(
        "kind", "企业类型", cells.one_of(cells.KINDS), aliases=("类型", "企业性质", "性质"),
        note="央企、市属国有企业、区属国有企业、非公有制企业、其它之一。", example="非公有制企业",
    ),
    Column("trade", "行业", cells.name(40), aliases=("所属行业",), example="农产品"),
    Column("town", "镇街", cells.name(40), aliases=("镇乡街道", "街道", "所在镇街", "乡镇街道"),
           example="样例街道"),
    Column("address", "地址", cells.line(160), aliases=("企业地址", "单位地址"), width=30,
           example="样例路1号"),
    Column(
        "economies", "往来经济体", cells.economies, width=26,
        aliases=("经济体", "往来国家", "往来国家和地区", "贸易国家"),
        note="用顿号分开；旅行卡的16个经济体以外的不记。", example="日本、韩国",
    ),
    Column("intended_number", "拟办人数", cells.count, aliases=("拟办卡人数", "人数", "需求人数"),
           width=10, example="3"),
    Column(
        "source", "来源", cells.source, aliases=("信息来源", "线索来源"),
        note="部门名单、镇街推荐、来电、来访、走访、宣讲会等；写别的，记为“其他”并写进来源说明。",
        example="部门名单",
    ),
    Column("source_note", "来源说明", cells.line(200), example="样例局2026年名单"),
    Column(
        "stage", "阶段", cells.one_of(cells.STAGES), aliases=("进度", "办理阶段", "状态"),
        note="未联系、已宣传、有意向、准备材料、已提交、已办结、已领卡、暂不需要之一。"
        "台账里已经更靠后的，不退回。",
        example="有意向",
    ),
    Column("not_needed_reason", "暂不需要的原因", cells.line(200), aliases=("原因", "不需要的原因"),
           note="阶段是“暂不需要”的，要写。", example=""),
    Column("is_qualified", "是否符合条件", cells.qualified, aliases=("符合条件", "是否符合"),
           width=12, note="是、否、未核之一。", example="未核"),
    Column("is_key", "重点企业", cells.yes_or_no, aliases=("是否重点企业", "重点"), width=10,
           note="是或否。", example="否"),
    Column("is_pilot", "试点企业", cells.yes_or_no, aliases=("是否试点企业", "试点"), width=10,
           note="是或否。", example="否"),
    Column("next_step", "下一步", cells.line(200), aliases=("下步工作", "下一步工作"), width=24,
           example="再打电话"),
    Column("next_on", "下一步日期", cells.day, aliases=("下次联系日期", "下次联系时间"), width=12,
           note="写了日期，也要写下一步做什么。", example="2026-12-10"),
    Column("owner", "负责人", cells.name(50), aliases=("责任人", "跟进人", "包联人"), width=12,
           note="服务站专员的姓名。", example=""),
    Column("in_group_since", "入群日期", cells.day, aliases=("入群时间", "加入交流群", "进群日期"),
           width=12, note="加入企业交流群的日期。", example="2026-03-02"),
    Column("contact_name", "联系人", cells.name(50), aliases=("联系人姓名", "企业联系人"), width=12,
           example="张样例"),
    Column("contact_position", "职务", cells.name(50), aliases=("联系人职务",), width=12,
           example="行政主管"),
    Column("contact_phone", "电话", cells.phone, mask=mask_phone, width=16,
           aliases=("联系电话", "手机", "手机号", "手机号码", "联系方式", "联系人电话"),
           example="023-58000000"),
)  # fmt: skip
SAID: Final = (
    Column("said_at", "联系时间", cells.moment, aliases=("联系日期", "沟通时间", "走访时间"),
           width=17, note="只写日期也可以。", example="2026-03-02 14:30"),
    Column("said_way", "方式", cells.way, aliases=("沟通方式", "怎么联系的", "联系途径"), width=12,
           note="电话、来访、走访、宣讲会、企业群、咨询等。", example="电话"),
    Column("said_words", "内容", cells.line(1000),
           aliases=("联系内容", "沟通内容", "说了什么", "联系情况", "联系记录"),
           width=40, example="介绍了办卡条件，对方有意向"),
    Column("said_by", "联系人员", cells.name(50), aliases=("记录人", "沟通人员", "联系人员姓名"),
           width=12, note="当时是谁联系的，照原来的保留。", example="李样例"),
    Column("said_telling", "宣传了政策", cells.yes_or_no, aliases=("是否宣传", "已宣传政策"),
           width=10, note="写“是”的，算作已宣传。", example="是"),
)  # fmt: skip
COLUMNS: Final = (
    *FACTS,
    *SAID,
    Column(
        ANSWER, "是否同一家", cells.one_of(cells.ANSWERS), width=12,
        note="只在门户问到“名称相近”时写：同一家，或者另一家。", example="",
    ),
)  # fmt: skip
EXPLANATIONS: Final = (
    "每户一行；同一家有几条联系记录的，每条一行，跟在那一户的下面。",
    "先按台账编号和信用代码，再按名称认出台账里已有的；名称只是相近的，会问您是不是同一家。",
    "已有的一户，空白的单元格不改变原来的内容；阶段只往前走，不因导入退回。",
    "联系记录照原来的日期和人员保留，已有的不会重复记。",
    "日期写成2026-03-02、2026年3月2日、2026/3/2都可以；信用代码和电话请用“文本”格式。",
    "先检查，再写入：有一行不对，一行也不写入；写入以后可以整批撤销。",
)
