"""Letters of the demonstration: one with everything in it, one that is only begun."""

from typing import Final

from accounts.models import User
from applications.models import Application
from letters.codes import LetterCode
from letters.models import WrittenLetter
from letters.services import LetterDraft, begin_letter, save_letter

OF_ENTERPRISE: Final = {
    "成立年份": "2009",
    "主营业务": "汽车零部件的研发、生产和出口",
    "上年进出口额": "1200",
    "往来经济体": "新加坡、泰国",
    "往来情况": "近一年对新加坡出口860万元，与泰国客户签有三年供货合同",
}
OF_APPLICANT: Final = {
    "负责的业务": "东南亚市场的销售",
    "前往的经济体": "新加坡、泰国",
    "出国情况": "2025年赴新加坡参展一次",
    "拒签情况": "无拒签记录",
    "持卡情况": "首次申办",
}


def write_letters(application: Application, *, by: User) -> None:
    """The letter of application is ready to be stamped; the profile still lacks some figures."""
    letter = _begin(LetterCode.APPLICATION, application, by)
    person = application.applicant
    draft = LetterDraft(
        OF_ENTERPRISE,
        [person],
        {person.pk: OF_APPLICANT},
        letter.body,
        letter.person_line,
    )
    save_letter(letter, draft=draft, by=by)
    _begin(LetterCode.PROFILE, application, by)


def _begin(code: str, application: Application, by: User) -> WrittenLetter:
    letter = begin_letter(code, enterprise=application.enterprise, application=application, by=by)
    return WrittenLetter.objects.with_people().get(pk=letter.pk)
