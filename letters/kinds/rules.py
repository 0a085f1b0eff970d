"""管理办法, the second half of material 4: the station's text, or the rules that are in force."""

from django.utils import timezone

from applications.kinds import Kind
from applications.models import Application
from cards.models import ManagementRules, StationText
from core.dates import day_words
from letters.codes import LetterCode
from letters.kind import BLANK_DAY, Facts, Field, LetterKind
from materials.numbers import MaterialNumber
from parameters.values import number


class ManagementRulesLetter(LetterKind):
    code = LetterCode.RULES
    use = "材料4之二：卡怎样保管、领用、归还，遗失、离职怎么办。"
    after = "打印后法定代表人签字、盖公章，与承诺书一起扫描上传到材料4；再到“用卡管理”登记施行。"
    title = "{企业}APEC商务旅行卡管理办法"
    # The text itself is the station's (cards.StationText); this stands for it in a sample.
    body = (
        "第一条　{企业}的APEC商务旅行卡由{保管}集中保管，存放在{地点}。\n"
        "第二条　持卡人回国后{天数}天内归还。遗失的，{遗失}。离职的，{离职}。\n"
        "第三条　本办法自{施行}起施行。"
    )
    sign = ("法定代表人（签字）：　　　　　　　　", "{企业}（公章）")
    fields = (
        Field("企业", "重庆示例科技有限公司", is_typed=False),
        Field("保管", "办公室张样例", help="哪个部门、哪一位保管。"),
        Field("地点", "办公室保险柜"),
        Field("天数", "7", help="回国后几天内归还，各地为5至7天。", blank="＿＿"),
        Field("遗失", "立即告知保管人，向公安机关报案，再报告服务站", is_long=True),
        Field("离职", "离职前交回，由保管人报告注销", is_long=True),
        Field("施行", "2026年12月1日", help="写成2026年12月1日这样。", blank=BLANK_DAY),
    )
    hints = ("已经在“用卡管理”写成的，这里就是那一版的全文。", "归还的天数由企业定，各地为5至7天。")
    material = MaterialNumber.COMMITMENT

    def fits(self, application: Application) -> bool:
        return application.kind in (Kind.NEW, Kind.RENEW)

    def known(self, facts: Facts) -> dict[str, str]:
        found = {
            "企业": facts.enterprise.name,
            "天数": str(number("duty.return_days", timezone.localdate())),
        }
        written = _written(facts)
        if written is None:
            return found
        chosen = {"保管": written.keeper, "地点": written.place, "遗失": written.loss}
        return {
            **found,
            **chosen,
            "天数": str(written.return_days),
            "离职": written.leaving,
            "施行": day_words(written.in_force_since),
        }

    def body_for(self, facts: Facts) -> str:
        written = _written(facts)
        return written.text if written else self.blank_body

    @property
    def blank_body(self) -> str:
        return StationText.objects.newest(StationText.Code.RULES).text


def _written(facts: Facts) -> ManagementRules | None:
    """The newest rules that the enterprise wrote from the station's text."""
    rules = ManagementRules.objects.filter(
        enterprise=facts.enterprise, way=ManagementRules.Way.TEMPLATE
    )
    return rules.order_by("-version").first()
