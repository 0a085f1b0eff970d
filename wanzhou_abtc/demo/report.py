"""A stage report of the demonstration's month, with the officer's own words."""

from django.utils import timezone

from accounts.models import User
from reports.stage.periods import Period
from reports.stage.services import ask_for, write_words

WORDS = {
    "times": "要求补充材料的，都是护照有效期不足；已在材料页写明。",
    "experience": "先到企业走访，把照片和护照两项一次讲清，退回补正少了一半。",
    "problems": "有的企业不知道公函要写明申请人姓名。",
    "next": "下月在经开区再办一场宣讲会，并回访已领卡的企业。",
}


def write_report(officer: User) -> None:
    """Last of all, so that everything that was played is counted."""
    today = timezone.localdate()
    report = ask_for(Period(today.replace(day=1), today), by=officer, nonce="demonstration")
    write_words(report, WORDS, by=officer)
