"""The words of messages: names of economies, what approves and refuses, what leaves it open.

Texts are compared in half-width letters. An economy stands as `\\x02`, one that gives no
pre-clearance as `\\x03`, a day as `\\x01`.
"""

import re
from typing import Final

from cards.workflow import StepCode

NAMES: Final[dict[str, str]] = {
    "JPN": r"(?<![今当即昨明次近每同翌假休生\d])日本国?|Japan",
    "KOR": r"大韩民国|(?<!北朝)韩国|韓國|南韩|(?:Republic of |South )?(?<!North )Korea",
    "MYS": r"马来西亚|馬來西亞|Malaysia",
    "IDN": r"印度尼西亚|印度尼西亞|印尼|Indonesia",
    "BRN": r"文莱达鲁萨兰国?|文莱|汶萊|Brunei(?: Darussalam)?",
    "PHL": r"菲律宾|菲律賓|(?:The )?Philippines",
    "SGP": r"新加坡|星加坡|Singapore",
    "THA": r"泰王国|泰国|泰國|Thailand",
    "VNM": r"越南|Viet ?Nam",
    "AUS": r"澳大利亚联邦|澳大利亚|澳大利亞|澳洲|Australia",
    "NZL": r"新西兰|纽西兰|紐西蘭|New Zealand",
    "PNG": r"巴布亚新几内亚独立国|巴布亚新几内亚|巴布亚纽几内亚|巴布亞新幾內亞|(?<!古)巴新"
    r"|Papua[ -]New[ -]Guinea",
    "CHL": r"智利(?![用落])|Chile",
    "PER": r"秘鲁|秘魯|Peru",
    "MEX": r"墨西哥合众国|墨西哥|(?<!New )Mexico",
    "RUS": r"俄罗斯联邦|俄罗斯|俄羅斯|俄国|Russian Federation|Russia",
}
# Members that pre-clear nobody from here, and one that is no member but looks like one.
OTHERS: Final = (
    r"加拿大|美国|美國|中国香港|中国台北|中华台北|中国台湾|香港|台湾|北朝鲜|朝鲜|印度(?!尼)"
    r"|Canada|United States|Hong Kong|Chinese Taipei|North Korea|DPRK"
)
EDGE, END = r"(?<![A-Za-z0-9])", r"(?![A-Za-z0-9])"
# A firm, a visa or a journey is not the economy's decision about a card.
NOT_THE_ECONOMY: Final = (
    r"(?!(?:的)?(?:有限|公司|企业|客户|客商|籍|人(?!民)|语|市场|航空|航班|大?使馆|总?领事?馆|签证|分公司"
    r"|子公司|工厂|银行|项目|订单|合同|商会|旅|之行|出差|业务|酒店|供应商|买家|合作|料理|展))"
)
NOT_TO: Final = r"(?<!赴)(?<!驻)(?<!前往)(?<!飞往)(?<!访问)(?<!抵达)(?<!去往)(?<!出访)"


def _economy(code: str, names: str) -> str:
    latin = [name for name in names.split("|") if re.search(r"[A-Za-z]{3}", name)]
    chinese = [name for name in names.split("|") if name not in latin]
    return (
        rf"(?P<{code}>{NOT_TO}(?:{'|'.join(chinese)}){NOT_THE_ECONOMY}"
        rf"|{EDGE}(?i:{'|'.join(latin)}){END}|{EDGE}{code}{END})"
    )


OTHER: Final = "OTHER"
ECONOMY: Final = re.compile(
    "|".join([f"(?P<{OTHER}>{OTHERS})", *(_economy(*item) for item in NAMES.items())])
)
ALL_SIXTEEN: Final = re.compile(
    r"(?:全部|所有)的?(?:16个|十六个)?(?:APEC)?(?:成员)?经济体(?!中|里|之中|当中|尚|还)"
    r"|(?:16个|十六个)(?:APEC)?(?:成员)?(?:经济体|成员)(?=[均都全已](?!有))"
)

# 除俄罗斯外，其余15个经济体; without the number nobody can check which are meant.
ALL_BUT: Final = re.compile(r"(?:目前|现在?)?除了?[\x02、和与及\s]+(?:以|之)?外")
ALL_OTHERS: Final = re.compile(
    rf"{ALL_BUT.pattern}[,，]?(?:其余|其他|其它|余下|剩余|剩下)的?(?:所有|全部)?的?"
    r"(?:(?P<count>\d{1,2}|十[一二三四五]?|[一二三四五六七八九])个)(?:APEC)?(?:成员)?(?:经济体|成员)"
)
COUNTS: Final = {
    **{str(number): number for number in range(1, 16)},
    **{word: number for number, word in enumerate("一二三四五六七八九十", start=1)},
    **{f"十{word}": number for number, word in enumerate("一二三四五", start=11)},
}
# A day alone that says of what it is: not the one under a letter.
DAY_OF_IT: Final = re.compile(r"批准|审批|签批|通过|日期|时间|date", re.IGNORECASE)

# What stands between economies of one list, and around a list.
FILLER: Final = re.compile(
    r"(?:其中|目前|现在?|以及|及|和|与|还有|另有|有|包括|的|经济体|成员|国家|地区|等|于|在|您的|申请|APEC"
    r"|and|the|also|by|of|[\d.)(:、\s\x01·•*—\-–#|/]|\x02|\x03)*",
    re.IGNORECASE,
)
# 您的申请（编号SQ1）： before it says to whom, and nothing of the day.
_ADDRESS = (
    r"(?:(?:您好|您的?|尊敬的|用户|先生|女士|贵(?:单位|公司|企业)的?|商务旅行卡|申请单?|编号|中国领事服务网|温馨提示|通知"
    r"|[A-Za-z0-9()【】:\s-])*[:】])?"
)
DAY_ONLY: Final = re.compile(
    rf"{_ADDRESS}(?:\s|[:()]|于|在|日期|时间|批准|审批|签批|通过|为|是|均|都|on|date|dated|\x01)*",
    re.IGNORECASE,
)

_STILL = r"(?:尚|还|仍|暂|至今|迄今|一直)(?:均|都|还|旧|然)?"
_NOT = r"(?:未|没有|没)"
_VERBS = r"(?:批准|核准|通过|同意|签批|审批|获批|批复|拒绝|完成|答复|回复|反馈|预先审批)"
# Neither approved nor refused, whatever words are in it.
OPEN_WORDS: Final = (
    rf"{_STILL}{_NOT}[^\x02\x03,:()]{{0,6}}?{_VERBS}"
    rf"|{_STILL}(?:无|在|需|待|须)[^\x02\x03,:()]{{0,6}}"
    r"|(?:审批|审核|签批|办理|处理|批准|审查|等待|评审|审理|进行|受理)(?:过程|流程)?(?:之)?中(?![国方心])"
    r"|(?:正在|等待|等候|待|未进行)[^\x02\x03,:()]{0,4}?(?:审批|审核|签批|批准|批复|处理|办理|定|批|答复)"
    r"|(?:未|没有?|尚未|没)(?:收到|见到|见)[^\x02\x03,:()]{0,8}"
    r"|(?:暂无|尚无|没有|未有|无)(?:任何)?(?:消息|结果|回复|反馈|进展|答复|审批)"
    r"|(?:在审|在办)(?=$|[ ,、()\x02\x03])"
    r"|(?:未|没有?|未被|没有?被|并未|未予|不会|并非|非|不|未遭|没有?遭)(?:被|遭)?(?:拒绝|拒签|拒批|驳回|否决)"
    r"|不(?:等于|代表|意味着?|是)(?:被|已)?(?:拒绝?|批准|同意|通过)?"
    r"|未(?:获|被|得到|获得|取得)?(?:预先)?(?:批准|核准|签批|同意|审批)"
    r"|没(?:有)?(?:获|被|得到|获得|取得)?(?:批准|核准|签批|同意)"
    r"|(?:not|n't|never)(?: yet)?(?: been)?(?: yet)? (?:approved|granted|pre-?cleared|refused|rejected"
    r"|declined|denied|processed|decided)"
    r"|no (?:refusal|news|decision|result|response)|under review|in (?:process|progress)"
    r"|pending|awaiting|waiting|outstanding|to be (?:approved|decided|confirmed)"
)
REFUSED_WORDS: Final = (
    r"拒绝|拒签|拒批|被拒|驳回|否决|拒絕"
    r"|不予(?:以)?(?:预先)?(?:批准|核准|签批|通过|审批|同意|许可|准许)"
    r"|不(?:批准|同意|核准|签批|准予|通过|许可)"
    r"|(?:审核|审批|预先审批|预审)?(?:未能?|不|没有?)(?:获)?(?:得)?(?:审核|审批|预先审批)?通过"
    r"|\b(?:refused|rejected|declined|denied|refuses|rejects|disapproved|turned down)\b"
)
GRANTED_WORDS: Final = (
    r"(?:批准|审批|签批|核准)(?:时间|日期)[:\s]*(?:为|是)?\s*(?=\x01)"
    r"|(?:批准|核准|签批|准予|同意)(?!书|函|前|情况|进度|结果|状态|流程|程序|机关|文号|条件|率|时间|日期|名单|要求)"
    r"|获批|核準|批準"
    r"|(?:已|已经|完成|获|获得|取得|得到|给予|作出|做出|通过)(?:了|均|都|\x02|\x03|您的|贵公司的|的|对|、|和|及|\s){0,9}"
    r"预先审批(?!中|申请)"
    r"|预先审批(?:手续)?(?:已|均已|已经)?(?:完成|成功|生效|同意|通过|批准)"
    r"|预先审批(?=[\s:(]*(?:于|日期|时间)?[\s:]*\x01)"
    r"|通过(?=[了的]?\s*(?:$|[于,、():;\x01\x02\x03]|审|预|签|批|您|贵|并|且|有效|申请(?!系统|平台|页面|网)))"
    r"|\b(?:approved|granted|pre-?cleared|approves|grants|pre-?clearance (?:was |is |has been )?given"
    r"|approval (?:from|by|of))\b"
)
VERDICT: Final = re.compile(
    f"(?P<open>{OPEN_WORDS})|(?P<refused>{REFUSED_WORDS})|(?P<granted>{GRANTED_WORDS})",
    re.IGNORECASE,
)
# Before what is said: it is a condition, a plan, a question, a part of the whole, or withdrawn.
DOUBT_BEFORE: Final = re.compile(
    r"如果|如(?![下上期实约图表愿])|若(?!干)|倘|假如|万一|一旦|只要|是否|能否|可否|有无|预计|预期|有望|或(?!许)|或许"
    r"|也许|大概|估计|可能|即将|(?<![现兹])将(?!军)|会(?=批|通过|同意|签|拒)|计划|(?<![接招对期款])待(?!遇)|等待"
    r"|等候|尚|还(?:未|没|在|需|要|不)|仍|至今|迄今|没有|没(?:收|得|能)|未(?:收|得|能|见|曾|有)|不确定|不清楚|不知|不等于|不代表"
    r"|不意味|并非|并不|并未|不是|请求|报请|提请|呈请|建议|希望|催|请\s*[\x02、和及\s]+$"
    r"|除|以外|之外|其余|其他|其它|另外|剩余|余下|部分|撤销|撤回|取消|收回|吊销|作废|失效|更正|有误|误发|错误|不属实"
    r"|假设|例如|比如|譬如|以便|争取|需要?(?!要求)|须|必须|应当|应由"
    r"|\b(?:if|whether|may|might|could|expect\w*|will|would|should|except|unless|once|when|other|rest|some)\b",
    re.IGNORECASE,
)
DOUBT_AFTER: Final = re.compile(
    r"\s*(?:了)?(?:后|前|之后|之前|以后|以前|时(?!间)|与否|与)"
    r"|[^\x02\x03]*(?:撤销|撤回|取消|收回|吊销|作废|失效|有误|错误|不属实|为准|待定|待确认|吗|呢|\?)",
)

_CITY = r"(?:市政府|市人民政府|人民政府|市|地方|重庆)*(?:外事办公室|外事办|外办|侨办)"
_MINISTRY = r"(?<!\x02)(?<!\x03)(?:外交部|领事司|领事保护中心)"
_PASSED = r"(?:审核通过|审批通过|复审通过|初审通过|审查通过|终审通过|通过审核|通过审批|审核完成|已审核|已通过|已审批通过)"
# In the order in which they are tried: the first that fits a clause is what it says.
STEPS: Final[tuple[tuple[StepCode, re.Pattern[str]], ...]] = tuple(
    (code, re.compile(pattern, re.IGNORECASE))
    for code, pattern in (
        (
            StepCode.INVOICED,
            r"发票[^,]{0,10}?(?:已|已经|成功)?(?:开具|发送|送达|寄出|生成|开出)|(?:已|已经)(?:为[^,]{1,12})?"
            r"(?:开具|发送|寄出)[^,]{0,10}发票|invoice (?:has been |was )?(?:issued|sent)",
        ),
        (
            StepCode.STOPPED,
            rf"不予受理|不予办理|终止办理|办理终止|{_MINISTRY}[^,\x02尚还仍暂待将如若]{{0,12}}?(?:{REFUSED_WORDS})"
            r"|申请单?(?:已|已经)?(?:被)?(?:终止|注销|作废)|(?:已|已经)(?:终止|撤销)(?:该|您的|此)?申请",
        ),
        (
            StepCode.REFILED,
            r"(?:已|已经|成功)(?:成功)?(?:重新|再次)(?:提交|申报)|(?:重新|再次)(?:提交|申报)(?:已)?成功"
            r"|补正(?:后的?)?(?:材料)?(?:已|已经)(?:成功)?提交|resubmitted",
        ),
        (
            StepCode.RETURNED,
            rf"{_CITY}[^,\x02]{{0,14}}?(?:退回|退件|退补|驳回|(?:要求|通知)[^,]{{0,6}}(?:补正|修改))"
            r"|(?:已|已经)?被?(?:退回|退件)(?!前|后|的话|原因)|return(?:ed)? for (?:correction|revision|amendment)",
        ),
        (
            StepCode.ACCEPTED,
            rf"{_CITY}[^,\x02]{{0,14}}?(?:{_PASSED}|同意上报|同意报送|予以通过|已上报|已报送|已转报|受理(?:通过|成功)"
            rf"|(?:已|已经|予以|正式)受理)|{_PASSED}[^,]{{0,4}}(?:地方|市)外办"
            rf"|(?<!未)(?<!不)通过了?{_CITY}的?(?:审核|审批)(?![中后前时])",
        ),
        (
            StepCode.PASSED,
            rf"{_MINISTRY}[^,\x02]{{0,14}}?(?:{_PASSED}|批准|同意|核准)|终审(?:已)?通过",
        ),
        (
            StepCode.PAID,
            r"(?:缴费|支付|付款|交费|缴款)(?:已)?成功|(?:已|已经)(?:完成|成功)?(?:缴费|支付|付款|交费|缴款|缴纳)"
            r"|(?:已收到|收到|已收)[^,]{0,14}(?:费用|缴费|款项|720元|缴款)|缴费凭证(?:已)?(?:审核通过|确认|通过|核对无误)"
            r"|费用(?:已|已经)(?:缴纳|到账|收到|支付)|缴费状态[:\s]*(?:已|完成)|payment (?:has been |was )?received",
        ),
        (
            StepCode.ISSUED,
            r"卡(?:片)?(?:已|已经)(?:发放|交付|发给|交给|交予)|(?:已|已经)(?:将卡)?(?:交付|发给|交给|交予)[^,]{0,6}持卡人|(?:已|已经)发卡",
        ),
        (
            StepCode.COLLECTED,
            r"(?:已|已经)(?:被|由[^,]{1,10}?)?(?:领取|领卡|取卡|取走|领走|签收|领回|取回)|(?:领取|签收|领卡)(?:已)?成功"
            r"|card (?:has been |was )?collected",
        ),
        (
            StepCode.READY,
            r"(?:可以?|请|敬请)(?:及时|尽快|您|贵单位|贵公司|持|携带|凭|派人|前往|到|于|在|自)?[^,]{0,24}?(?:领取|领卡|取卡|自取|领证)"
            r"|待领取|等待领取|(?:卡|卡片|商务旅行卡)(?:已|已经)(?:到|寄到|送达|到达|运抵|邮寄)"
            r"|ready (?:for|to be) (?:collection|pick(?:ed)?[ -]?up|collected)",
        ),
        (
            StepCode.PRINTED,
            r"(?:已|已经)(?:完成|成功)?(?:制卡|制证|印制|打印|制作)(?:完成|完毕|成功)?|制卡(?:工作)?(?:已|已经)?(?:完成|成功|完毕)"
            r"|(?:卡|卡片|商务旅行卡)(?:已|已经)?(?:制作|印制)(?:完成|完毕|好)|card (?:has been |was )?(?:printed|produced)",
        ),
        (
            StepCode.REGISTERED,
            r"账[户号](?:已|已经)?(?:成功)?(?:开通|注册成功|激活|审核通过|可以使用|启用)(?!失败)|注册(?:已|已经)?成功"
            r"|(?:已|已经)(?:为[^,]{1,8}?)?(?:开通|注册)[^,]{0,8}账[户号]",
        ),
        (
            StepCode.FILED,
            r"(?:已|已经|成功)(?:成功)?提交(?:成功)?(?![^,]{0,4}(?:外交部|领事司|经济体|补|凭证|缴费|发票|建议|反馈))"
            r"|(?:申请|申请单|材料)?提交(?:已)?成功|(?:submitted|filed) successfully|successfully (?:submitted|filed)",
        ),
    )
)
STEP_DOUBT: Final = re.compile(
    r"未|没|尚|不能|无法|失败|拟|正在|等待|待(?!领取)|即将|(?<![现兹])将(?!军|卡)|如(?![下上期实约])|若|是否|能否|预计|可能|应|需|须"
    r"|以便|之前|不得|请勿|不要|勿|\b(?:not|will|if|when|once|may|should)\b",
    re.IGNORECASE,
)
STEP_DOUBT_AFTER: Final = re.compile(
    r"\s*(?:了)?(?:后|前(?!往)|之后|之前|时(?!间)|与否|失败|吗|的话)|[^,]*\?"
)
# These say themselves what is still ahead, or that something was refused.
OF_ITSELF: Final = frozenset({StepCode.READY, StepCode.STOPPED})
