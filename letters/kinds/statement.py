"""情况说明 for what is done with a card: 换卡, 补卡, 提前制卡, 注销.

The text is `cards.renewals.letters`' own, told from the card; here its numbers are places, so that
it can be edited without showing them.
"""

from applications.kinds import Kind
from applications.models import Application
from cards.models import CardRequest
from cards.renewals.letters import CITY_OFFICE, TITLES, Wording, letter_for
from letters.codes import LetterCode
from letters.kind import DATE, Facts, Field, LetterKind, Names
from materials.numbers import MaterialNumber


class Places(Wording):
    """Numbers and what is left open, as places of the letter."""

    def number(self, name: str, value: str) -> str:
        return f"{{{name}}}"

    def open(self, name: str) -> str:
        return f"{{{name}}}"


OWN_WORDS = Field(
    "具体情况",
    "卡片在出差途中受潮，芯片不能读取",
    help="时间、地点、经过，一两句话。",
    is_long=True,
)


class Statement(LetterKind):
    """One of the four; the kind of service says which."""

    service: Kind
    to = f"{CITY_OFFICE}："
    person_line = "{姓名}，{职务}"
    body = (
        "我单位{职务}{姓名}，身份证号码{身份证号码}，持有APEC商务旅行卡，卡号{卡号}，"
        "绑定护照号码{护照号码}。\n具体情况：{具体情况}。\n"
        "现提出申请。以上情况属实，如有不实，我单位愿承担相应责任。"
    )
    names = Names.ONE
    fields = (
        *(
            Field(name, example, is_typed=False)
            for name, example in (("姓名", "张样例"), ("职务", "总经理"))
        ),
        Field("身份证号码", "500101199001011237", is_typed=False, is_secret=True),
        Field("护照号码", "EK1234567", is_typed=False, is_secret=True, is_optional=True),
        Field("新护照号码", "EK7654321", is_typed=False, is_secret=True, is_optional=True),
        Field("卡号", "C10200031", is_typed=False, is_secret=True, is_optional=True),
        OWN_WORDS,
        DATE,
    )
    after = "核对、打印，盖公章，扫描上传到这件服务的对应材料。"
    hints = ("卡号、护照号码与卡面一致；原因与办理时选的事由一致。",)

    def fits(self, application: Application) -> bool:
        return application.kind == self.service

    def known(self, facts: Facts) -> dict[str, str]:
        request = _request(facts)
        person = facts.people[0] if facts.people else None
        if request is None or person is None:
            return {}
        card = request.card
        return {
            "姓名": person.name,
            "职务": person.post,
            "身份证号码": person.id_number,
            "护照号码": card.passport_number if card else person.passport_number,
            "新护照号码": person.passport_number,
            "卡号": card.number if card else "",
            "具体情况": request.words.strip().rstrip("。"),
        }

    def body_for(self, facts: Facts) -> str:
        request = _request(facts)
        letter = letter_for(request, Places()) if request else None
        return "\n".join(letter.paragraphs) if letter else self.body


def _request(facts: Facts) -> CardRequest | None:
    if facts.application is None:
        return None
    people = "application__applicant", "application__follows", "card"
    found = CardRequest.objects.filter(application=facts.application)
    return found.select_related(*people).first()


class Replacement(Statement):
    code, service = LetterCode.REPLACE, Kind.REPLACE
    title = TITLES[Kind.REPLACE]
    use = "换卡时用：护照换了、卡损坏、卡面有误，或提前制卡后又有经济体批复。"
    material = MaterialNumber.STATEMENT


class Reissue(Statement):
    code, service = LetterCode.REISSUE, Kind.REISSUE
    title = TITLES[Kind.REISSUE]
    use = "补卡时用：卡遗失或被盗，写明经过，附报案回执或登报声明。"
    material = MaterialNumber.STATEMENT


class EarlyPrint(Statement):
    code, service = LetterCode.EARLY_PRINT, Kind.EARLY_PRINT
    title = TITLES[Kind.EARLY_PRINT]
    use = "提前制卡时用：写明已批复和尚未批复的经济体，知道后果。"
    material = MaterialNumber.EARLY_PRINT_REQUEST


class Cancelling(Statement):
    code, service = LetterCode.CANCEL, Kind.CANCEL
    title = TITLES[Kind.CANCEL]
    use = "注销时用：写明原因、持卡人、卡号和有效期，原卡交回。"
    material = MaterialNumber.CANCEL_REQUEST


class AnyStatement(Statement):
    """The sheet to be filled in by hand, for whichever of them: no letter is written in it."""

    code, service = LetterCode.REPLACE, Kind.REPLACE
    title = "情况说明"
    blank_name = "情况说明（换卡、补卡、注销）"
    use = "换卡、补卡、注销时用。"
    names = Names.NOBODY
    body = (
        "我单位＿＿＿＿＿＿的持卡人＿＿＿＿＿＿（护照号码＿＿＿＿＿＿，卡号＿＿＿＿＿＿，"
        "到期日＿＿＿＿年＿＿月＿＿日），因下列原因（请勾选）：\n"
        "□更换护照　□卡损坏　□卡上内容有误　□遗失或被盗　□离职　□退休　□其他\n"
        "具体情况：＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿＿\n"
        "申请办理：□换卡　□补卡　□注销。\n"
        "以上情况属实。原卡（请勾选）：□已交回　□遗失，附报案回执或登报声明。"
    )


ANY_STATEMENT = AnyStatement()
