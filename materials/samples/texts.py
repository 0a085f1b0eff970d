"""What the drawn letters and certificates say, by number of Annex 3.

Filled with company, address, who (name, post, ID number) and last_year.
"""

from materials.numbers import MaterialNumber

Texts = tuple[tuple[str, tuple[str, ...]], ...]

TEXTS: dict[MaterialNumber, Texts] = {
    MaterialNumber.LETTER: (
        (
            "关于申请办理APEC商务旅行卡的函",
            (
                "{company}从事农副产品和机电产品进出口，与越南、泰国、马来西亚的客户"
                "有长期业务往来。",
                "因业务需要，现为我公司{who}申请办理APEC商务旅行卡，"
                "用于赴APEC经济体洽谈合同和参加展会。",
                "以上情况属实，请予办理。",
            ),
        ),
        (
            "公司简介",
            (
                "{company}注册于{address}，现有员工86人，设外贸部、质检部和财务部。",
                "主要市场为东南亚，上一年度有稳定的进出口业务。",
            ),
        ),
    ),
    MaterialNumber.TAX_PROOF: (
        ("年度纳税证明", ("兹证明{company}{last_year}年度已按期申报并缴纳各项税款。",)),
    ),
    MaterialNumber.COMMITMENT: (
        (
            "企业责任承诺书",
            (
                "本公司承诺所提供的材料真实、完整，并对持卡人在境外的商务活动承担管理责任。",
                "持卡人离职或卡片遗失时，及时报告并办理注销。",
            ),
        ),
        (
            "APEC商务旅行卡管理办法",
            (
                "卡片由外贸部专人专柜保管，建立领用登记表。",
                "出境前经批准领用，回国后7日内归还。",
                "遗失应立即报告；离职前应交回；违规使用的，停止使用并予处分。",
            ),
        ),
    ),
    MaterialNumber.DEALINGS: (
        (
            "购销合同（摘要）",
            (
                "甲方：{company}。乙方：样例贸易公司（越南）。",
                "甲方向乙方出口柑橘200吨，分两批交货，以信用证方式结算。",
            ),
        ),
    ),
    MaterialNumber.CRIMINAL_RECORD: (
        ("无犯罪记录证明", ("兹证明{who}，截至出具之日，未发现有犯罪记录。",)),
    ),
    MaterialNumber.INSURANCE: (
        (
            "社会保险参保证明",
            ("{who}在{company}参加养老、医疗、工伤、失业保险，连续缴费满12个月。",),
        ),
    ),
}
