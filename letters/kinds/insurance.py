"""代缴社保说明: another company, or another place, pays the social insurance of the applicant."""

from applications.kinds import Kind
from applications.models import Applicant, Application, Material
from core import text
from core.dates import month_words
from letters.codes import LetterCode
from letters.kind import DATE, PEOPLE, Facts, Field, LetterKind, Names
from materials.numbers import MaterialNumber
from materials.rules.facts import day_of


class InsuranceStatement(LetterKind):
    code = LetterCode.INSURANCE
    use = "材料7参保单位与申请企业不一致时用：说明由谁、在哪里代缴，企业书面承诺劳动关系真实。"
    after = "打印、盖公章，与参保证明、代缴协议一起扫描上传到材料7。"
    title = "关于{申请人姓名}社会保险代缴情况的说明"
    to = "{服务站}："
    body = (
        "下列人员与{单位名称}有真实、持续的劳动关系，在我单位工作：\n"
        f"{PEOPLE}\n"
        "因{代缴原因}，上述人员的社会保险费由{代缴单位}在{代缴地}代为缴纳，费用由我单位承担，"
        "代缴协议附后。\n"
        "我单位承诺：以上情况属实，连续参保没有中断；如有虚假，愿承担一切后果。"
    )
    person_line = "{姓名}，{职务}，身份证号码{身份证号码}，自{参保起始}起连续参保。"
    names = Names.SEVERAL
    fields = (
        Field("代缴单位", "重庆示例人力资源有限公司", help="与参保证明上的参保单位一致。"),
        Field("代缴地", "重庆市渝中区"),
        Field(
            "代缴原因",
            "上述人员常驻主城区工作",
            help="如常驻外地、由总公司统一缴纳。",
            is_long=True,
        ),
        DATE,
    )
    person_fields = (Field("参保起始", "2024年3月", help="连续参保从哪年哪月起，不少于6个月。"),)
    hints = ("参保证明照常上传；代缴协议或劳务派遣协议一并附上。",)
    material = MaterialNumber.INSURANCE

    def fits(self, application: Application) -> bool:
        return application.kind in (Kind.NEW, Kind.RENEW)

    def known(self, facts: Facts) -> dict[str, str]:
        insured = [_insured(person) for person in facts.people]
        others = [
            one["company"]
            for one in insured
            if one.get("company") and text.name(one["company"]) != text.name(facts.enterprise.name)
        ]
        return {"代缴单位": others[0] if others else ""}

    def known_of(self, person: Applicant, facts: Facts) -> dict[str, str]:
        since = _insured(person).get("since")
        return {"参保起始": month_words(day_of(since)) if since else ""}


def _insured(person: Applicant) -> dict[str, str]:
    """What was typed beside his newest proof of insurance."""
    proofs = Material.objects.filter(application__applicant=person, number=MaterialNumber.INSURANCE)
    return next((dict(proof.facts) for proof in proofs.order_by("-pk")[:20] if proof.facts), {})
