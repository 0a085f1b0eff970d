"""Words of the two consents: what the applicant agrees to, on his phone and on paper.

Art. 23 and 29 of 个人信息保护法 ask for a separate consent to handing information on, and to
handling what is sensitive.
"""

from django.conf import settings

from accounts.departments import in_words, known, names

INFORMATION = (
    "姓名、职务、身份证号码、联系电话、护照信息、照片、签名，"
    "以及无犯罪记录、社会保险等证明材料（其中有敏感个人信息）"
)


def consent_words(*, shares: bool = True) -> dict[str, tuple[str, str]]:
    """Of each consent what is ticked and what that covers; where no department is asked, one."""
    words = {
        "processing": (
            f"我同意{settings.STATION_NAME}处理我的个人信息",
            f"只用于协助我办理APEC商务旅行卡。包括{INFORMATION}。",
        )
    }
    if shares:
        departments = known()
        words["sharing"] = (
            f"我单独同意把我的个人信息提供给{in_words(departments)}个部门",
            f"提供给{names(departments)}，只用于核实情况、填写审核表；"
            "各部门只看与本部门意见有关的信息和材料。",
        )
    return words


def consent_text(*, shares: bool = True) -> str:
    """All of them, as they are kept with the consent that was given to them."""
    words = consent_words(shares=shares).values()
    return "\n".join(f"{what}。{covers}" for what, covers in words)
