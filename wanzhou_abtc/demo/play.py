"""Plays the demonstration's cases through the services, one for every status."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from accounts.departments import known, parallel
from accounts.mailboxes import claim
from accounts.models import Department, Role, User
from applications.consent_words import consent_text
from applications.dossier.pre_review import load_pre_review
from applications.models import Applicant, Application, MaterialPage
from applications.services import consents, corrections, intake, moves
from applications.services.pages import stack_of
from applications.services.readings import save_reading
from enterprises import services as enterprise_services
from enterprises.models import Enterprise
from files.models import StoredFile
from materials import samples
from materials.catalogue import CATALOGUE
from materials.numbers import MaterialNumber
from materials.stack import add_page
from reviews.annex4 import section_of
from reviews.drafts import Draft
from reviews.models import Opinion, ReviewTable
from reviews.services import circulation, opinions
from reviews.signatures.certificates import authority
from wanzhou_abtc.demo.afterwards import file_nationally, hand_out_cards
from wanzhou_abtc.demo.cast import (
    ACCOUNTS,
    AGENTS,
    COMPANIES,
    NAMES,
    PASSWORD,
    Account,
    person,
)
from wanzhou_abtc.demo.desk_and_plan import fill_desk_and_plan
from wanzhou_abtc.demo.events import play_events
from wanzhou_abtc.demo.ledger import fill_ledger
from wanzhou_abtc.demo.letters import write_letters
from wanzhou_abtc.demo.report import write_report

REFUSAL = "现有材料不能证明需要经常赴APEC经济体，暂不推荐。"
USUAL_WORDS = "情况属实，同意申办。"
WORDS = {
    "tax": "该公司上一年度依法申报纳税，未发现欠税，同意申办。",
    "police": "经查询，未发现申请人有犯罪记录，同意申办。",
    "social": "申请人在该公司连续参保已满6个月，同意申办。",
    "foreign_affairs": "经审核，材料齐全，符合申办条件，同意推荐申办APEC商务旅行卡。",
}


@dataclass
class Play:
    """The people on stage and the day."""

    people: dict[str, User]
    agent: User
    enterprise: Enterprise
    today: date

    @property
    def officer(self) -> User:
        return self.people["officer"]

    def draft(self, index: int) -> Application:
        """An application with its applicant and nothing uploaded yet."""
        who = person(index, today=self.today)
        applicant = intake.save_applicant(
            Applicant(
                enterprise=self.enterprise,
                name=who.name,
                post=who.post,
                id_number=who.id_number,
                phone=f"1390000{4100 + index}",
                passport_number=who.passport_number,
                passport_expires_on=who.passport_expires_on,
            ),
            changed=[],
            by=self.agent,
        )
        return intake.start_application(applicant, by=self.agent)

    def fill(self, application: Application, index: int, numbers: range) -> Application:
        """Upload drawn material, or choose the review table where it may stand in."""
        who = person(index, today=self.today)
        for kind in CATALOGUE[numbers.start - 1 : numbers.stop - 1]:
            if kind.replaceable:
                intake.choose_review_table(application, kind.number, chosen=True, by=self.agent)
            elif not (kind.is_shared and self.enterprise.current_document(kind.number)):
                self._upload(application, kind.number, who)
        return application

    def _upload(self, application: Application, number: int, who: samples.Person) -> None:
        pages = samples.material(number, person=who, company=COMPANIES[0], day=self.today)
        for page, data in enumerate(pages, start=1):
            report = add_page(
                stack_of(application, number),
                data=data,
                name=f"材料{number}-{page}.jpg",
                by=self.agent,
            )
            if not report.accepted:
                raise RuntimeError(f"演示材料{number}未通过检查：{report.problems}")

    def submitted(self, index: int) -> Application:
        application = self.fill(self.draft(index), index, range(1, 11))
        self._agree(application)
        self._let_time_pass(application)
        moves.submit(application, by=self.agent)
        return application

    def _let_time_pass(self, application: Application) -> None:
        """Of what was uploaded a moment ago a submission would wait for the machine's reading."""
        pages = MaterialPage.objects.filter(material__application=application)
        uploaded = timezone.now() - 2 * moves.LONGEST_READING
        StoredFile.objects.filter(pk__in=pages.values("file")).update(created_at=uploaded)

    def _agree(self, application: Application) -> None:
        """The applicant opens the link that the agent sent him, and agrees."""
        link = consents.link_of(consents.give_link(application, by=self.agent))
        consents.consent_by_link(link, words=consent_text())

    def returned(self, index: int) -> Application:
        application = self.submitted(index)
        corrections.note(
            application,
            number=MaterialNumber.PHOTO,
            words="照片中头部偏小，请按样例重新拍摄，头顶到下巴约占照片高度的三分之二。",
            by=self.officer,
        )
        corrections.note(
            application,
            number=MaterialNumber.LETTER,
            words="公函没有写明与哪些APEC经济体往来，请补充后重新盖章上传。",
            by=self.officer,
        )
        moves.send_back(application, by=self.officer)
        return application

    def declined(self, index: int) -> Application:
        application = self.submitted(index)
        moves.decline(
            application,
            reason="申请人社保由外地人事公司缴纳，不足6个月。在本公司连续参保满6个月后可以重新申请。",
            by=self.officer,
        )
        return application

    def withdrawn(self, index: int) -> Application:
        application = self.submitted(index)
        circulation.withdraw(application, reason="申请人岗位调整，暂不申办。", by=self.agent)
        return application

    def in_review(self, index: int, *signers: str) -> ReviewTable:
        table = self.circulated(self.submitted(index))
        for code in signers:
            self.sign(table, code)
        return table

    def circulated(self, application: Application) -> ReviewTable:
        """Gone through rule by rule, then sent."""
        for sheet in load_pre_review(application).to_read:
            save_reading(application, number=sheet.number, ticked=sheet.rules, by=self.officer)
        return circulation.circulate(application, by=self.officer)

    def sign(self, table: ReviewTable, code: str, *, agrees: bool = True) -> None:
        opinion = table.opinions.with_case().get(department__code=code)
        by = User.objects.liaisons_of(opinion.department).get()
        conclusion = Opinion.Conclusion.AGREE if agrees else Opinion.Conclusion.DISAGREE
        words = WORDS.get(code, USUAL_WORDS) if agrees else REFUSAL
        draft = Draft(_answers(opinion.department), words, conclusion)
        opinions.sign(opinions.save_draft(opinion, draft, by=by, seen_version=None), by=by)

    def supplementing(self, index: int) -> ReviewTable:
        table = self.in_review(index, "tax")
        police = User.objects.liaisons_of(Department.objects.get(code="police")).get()
        circulation.ask_supplement(
            table, {10: "护照首页右下角反光，看不清有效期，请重新扫描。"}, by=police
        )
        return table

    def all_but_the_last(self, index: int) -> ReviewTable:
        return self.in_review(index, *(department.code for department in parallel()))

    def concluded(self, index: int, *, agrees: bool) -> ReviewTable:
        table = self.all_but_the_last(index)
        self.sign(table, table.opinions.ready().get().department.code, agrees=agrees)
        return table

    def second_round(self, index: int) -> ReviewTable:
        """Recalled once because a fact was wrong, corrected and circulated again."""
        table = self.in_review(index, "commerce")
        circulation.recall(table, reason="申请人职务有误，应与公函一致。", by=self.officer)
        application = table.application
        applicant = application.applicant
        applicant.post = NAMES[index][4] + "（国际业务）"
        intake.save_applicant(applicant, changed=["post"], by=self.agent)
        self._let_time_pass(application)
        moves.resubmit(application, by=self.agent)
        return self.circulated(application)


def play() -> list[tuple[str, Account]]:
    """Make everything; returns the accounts with what they are."""
    authority.ensure()
    accounts = [*ACCOUNTS, *_liaisons_elsewhere()]
    people = {account.username: _account(account) for account in accounts}
    today = timezone.localdate()
    fill_ledger(officer=people["officer"])
    for account, company in zip(AGENTS, COMPANIES, strict=True):
        _sign_up(account, company)
    first, second = (Enterprise.objects.get(credit_code=one.credit_code) for one in COMPANIES)
    enterprise_services.decide(first, verified=True, by=people["officer"])
    first.refresh_from_db()
    stage = Play(people, first.people().get(), first, today)
    _cases(stage)
    waiting = Play(people, second.people().get(), second, today)
    waiting.draft(12)
    fill_desk_and_plan(officer=people["officer"], head=people["head"])
    write_report(people["officer"])
    return [(account.role.label, account) for account in (*AGENTS, *accounts)]


def _liaisons_elsewhere() -> list[Account]:
    """A liaison for each department that the cast has nobody for."""
    played = {account.department for account in ACCOUNTS}
    return [
        Account(department.code, f"{department}联络员", Role.LIAISON, department.code)
        for department in known()
        if department.code not in played
    ]


def _answers(department: Department) -> dict[str, object]:
    """Something for every blank of the department's section."""
    samples: dict[str, object] = {
        "money": "318.60",
        "yes_no": False,
        "date": "2021-03-01",
        "text": COMPANIES[0].name,
    }
    return {
        field.code: field.choices[0][0] if field.choices else samples[field.kind]
        for field in section_of(department).fields
    }


def _cases(stage: Play) -> None:
    acts: list[Callable[[], object]] = [
        lambda: file_nationally(stage.concluded(11, agrees=True).application, by=stage.agent),
        lambda: stage.concluded(0, agrees=True),
        lambda: stage.concluded(1, agrees=False),
        lambda: stage.declined(2),
        lambda: stage.withdrawn(3),
        lambda: stage.returned(4),
        lambda: stage.supplementing(5),
        lambda: stage.in_review(6, "commerce", "tax"),
        lambda: stage.all_but_the_last(7),
        lambda: stage.second_round(8),
        lambda: stage.submitted(9),
        lambda: write_letters(stage.fill(stage.draft(10), 10, range(1, 9)), by=stage.agent),
    ]
    for act in acts:
        act()
    hand_out_cards(stage.enterprise, agent=stage.agent, officer=stage.officer)
    play_events(stage.officer)


def _account(account: Account) -> User:
    department = Department.objects.filter(code=account.department).first()
    return User.objects.create_user(
        account.username,
        PASSWORD,
        name=account.name,
        email=f"{account.username}@wanzhou.example",
        phone="023-58000000",
        role=account.role,
        department=department,
        email_confirmed_at=timezone.now(),
    )


def _sign_up(account: Account, company: samples.Company) -> None:
    user = enterprise_services.sign_up(
        account={
            "name": account.name,
            "email": account.username,
            "phone": "13800004100",
            "password": PASSWORD,
        },
        enterprise=Enterprise(
            name=company.name,
            credit_code=company.credit_code,
            kind=Enterprise.Kind.PRIVATE,
            registration_authority=company.authority,
            address=company.address,
            contact_name=account.name,
            contact_phone="023-58000001",
        ),
    )
    claim(user, user.email)
    stack = enterprise_services.DocumentStack(user.agency.enterprise, MaterialNumber.LICENCE)
    add_page(stack, data=samples.licence(company), name="营业执照.jpg", by=user)
