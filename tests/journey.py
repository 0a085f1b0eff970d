"""Steps of the main journey as people take them in a browser; the journeys string them together."""

import io
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from PIL import Image
from playwright.sync_api import Page, expect

from materials import samples
from materials.samples import Company, Person
from tests.factories import PASSWORD
from tests.harness import Mailbox

TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
COMPANY = Company("重庆市万州区云阳桥样例有限公司", "91500101YYYY00012R")
PERSON = Person(
    name="方知行",
    surname="FANG",
    given_names="ZHIXING",
    sex="M",
    birth_date=date(1985, 3, 14),
    post="销售部经理",
    id_number="500101198503140117",
    passport_number="EJ7654321",
    passport_expires_on=date(TODAY.year + 7, 6, 15),
    look=1,
)
BY_TABLE = (3, 5, 6, 7)


@dataclass
class Papers:
    """Drawn material as files to be chosen in the browser."""

    folder: Path
    written: dict[str, Path] = field(default_factory=dict)

    def file(self, name: str, data: bytes) -> str:
        path = self.folder / name
        path.write_bytes(data)
        return str(path)

    def of(self, number: int) -> list[str]:
        pages = samples.material(number, person=PERSON, company=COMPANY, day=TODAY)
        return [self.file(f"材料{number}-{n}.jpg", data) for n, data in enumerate(pages, start=1)]


def sign_in(page: Page, username: str) -> None:
    page.goto("/accounts/sign-in/")
    fill_sign_in(page, username)


def fill_sign_in(page: Page, username: str) -> None:
    page.get_by_label("登录名").fill(username)
    page.get_by_label("密码", exact=False).first.fill(PASSWORD)
    page.locator("main").get_by_role("button", name="登录").click()


def sign_up(page: Page, papers: Papers, mailbox: Mailbox) -> None:
    """Facts, a wrong credit code first, the link in the mail, and the licence."""
    page.goto("/")
    page.get_by_role("link", name="企业登记，开始申办").click()
    page.get_by_label("单位名称").fill(COMPANY.name)
    page.get_by_label("统一社会信用代码").fill("91500101YYYY000121")
    page.get_by_label("非公有制企业").check()
    page.get_by_label("登记机关").fill("重庆市万州区市场监督管理局")
    page.get_by_label("住所").fill(COMPANY.address)
    page.get_by_label("经办人姓名").fill("秦晓")
    page.get_by_label("联系电话").fill("13900001111")
    page.get_by_label("电子邮箱").fill("qin@example.com")
    fill_passwords(page)
    page.get_by_role("button", name=re.compile("登记")).click()
    expect(page.get_by_role("alert")).to_contain_text("统一社会信用代码")
    expect(page.get_by_label("单位名称")).to_have_value(COMPANY.name)
    page.get_by_label("统一社会信用代码").fill(" 91500101yyyy00012R ")
    fill_passwords(page)
    page.get_by_role("button", name=re.compile("登记")).click()
    expect(page.locator("main")).to_contain_text("点击链接确认邮箱，再上传营业执照")
    page.goto(link_in(mailbox.wait_for(1)[0]))
    page.get_by_role("button", name="确认这个邮箱").click()
    page.get_by_role("link", name="上传营业执照").click()
    upload(page, papers.of(2))
    expect(page.locator(".file-row")).to_have_count(1)


def fill_passwords(page: Page) -> None:
    page.get_by_label("密码", exact=False).nth(0).fill(PASSWORD)
    page.get_by_label("再输入一次密码").fill(PASSWORD)


def link_in(mail: EmailMessage) -> str:
    """The address in a mail's text, as a path of the portal under test."""
    body = mail.get_body(("plain",))
    text = body.get_content() if body else ""
    found = re.search(r"https?://\S+", text)
    assert found, text
    return urlsplit(found[0]).path


def verify_enterprise(page: Page) -> None:
    """The officer looks at the licence and verifies."""
    page.goto("/")
    page.get_by_role("link", name=COMPANY.name).click()
    expect(page.locator("main img").first).to_be_visible()
    page.get_by_role("button", name=re.compile("通过核验|核验通过")).first.click()
    expect(page.locator("main")).to_contain_text("已核验")


def add_applicant(page: Page) -> None:
    page.goto("/applications/applicants/new/")
    page.get_by_label("姓名").fill(PERSON.name)
    page.get_by_label("职务").fill(PERSON.post)
    page.get_by_label("身份证号码").fill(PERSON.id_number)
    page.get_by_label("联系电话").fill("13900002222")
    page.get_by_label("护照号码").fill(PERSON.passport_number)
    page.get_by_label("护照有效期").fill(PERSON.passport_expires_on.isoformat())
    page.get_by_role("button", name="保存，开始准备申请").click()
    expect(page.get_by_role("heading", name=f"{PERSON.name}的申请")).to_be_visible()


def open_material(page: Page, number: int) -> None:
    page.get_by_role("link", name=re.compile(rf"^材料{number}\s")).first.click()


def upload(page: Page, files: list[str], button: str = "上传") -> None:
    """Files go up one by one in the background; wait until the page says what came of them."""
    page.locator("input[type=file]").set_input_files(files)
    page.locator("main").get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".alert-success, .error-summary").first).to_be_visible()


def back_to_list(page: Page) -> None:
    """To the application, from one of its materials or having been led there already."""
    link = page.get_by_role("link", name=f"{PERSON.name}的申请")
    if link.count():
        link.first.click()
    expect(page.get_by_role("heading", name=f"{PERSON.name}的申请")).to_be_visible()


def fill_materials(page: Page, papers: Papers) -> None:
    """All ten; a photo of the wrong size is refused on the way and loses nothing."""
    for number in range(1, 11):
        if number == 2:
            continue  # uploaded when the enterprise signed up
        open_material(page, number)
        if number in BY_TABLE:
            page.get_by_role("button", name="由审核表替代，不上传").click()
        elif number == 8:
            wrong = papers.file("宽了.jpg", wider(samples.photo(1)))
            upload(page, [wrong], button="不裁剪，直接上传")
            expect(page.locator("main")).to_contain_text("照片应为宽550×高733像素")
            upload(page, papers.of(8))
        else:
            upload(page, papers.of(number))
        back_to_list(page)
    expect(page.locator("main")).to_contain_text("已完成 10/10")


def wider(photo: bytes) -> bytes:
    """The same picture at 600×800."""
    buffer = io.BytesIO()
    Image.open(io.BytesIO(photo)).resize((600, 800)).save(buffer, "JPEG")
    return buffer.getvalue()


def ask_for_consent(page: Page) -> str:
    """The agent has a link made for the applicant; returns its path."""
    page.get_by_role("link", name="继续：请申请人同意").click()
    page.get_by_role("button", name="生成链接").click()
    return urlsplit(page.locator("[data-value]").inner_text()).path


def consent(page: Page, link: str) -> None:
    """The applicant agrees on his phone, without an account."""
    page.goto(link)
    expect(page.locator("main")).not_to_contain_text(PERSON.name)
    page.get_by_label("身份证号码的最后4位").fill(PERSON.id_number[-4:])
    page.get_by_role("button", name="是我本人，继续").click()
    for box in page.get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="我已看清楚，同意").click()
    expect(page.get_by_role("heading", name="您已经同意")).to_be_visible()


def submit(page: Page) -> None:
    page.get_by_role("link", name=f"{PERSON.name}的申请").click()
    page.get_by_role("link", name="核对并提交").click()
    page.locator("main").get_by_role("button", name=re.compile("提交")).click()
    expect(page.locator("main")).to_contain_text("已提交，由服务站预审")


def open_case(page: Page) -> None:
    """From the home list to the case."""
    page.goto("/")
    page.locator("main").get_by_role("link", name=re.compile(PERSON.name)).first.click()


def note_and_return(page: Page) -> None:
    """The officer notes what is wrong with the photo and returns everything at once."""
    open_case(page)
    page.get_by_role("link", name=re.compile("申请人照片")).first.click()
    page.get_by_label("其他问题和改法").fill("照片中头部偏小，请重新拍摄。")
    page.get_by_role("button", name="记下问题").click()
    page.get_by_role("link", name=re.compile("退回补正")).click()
    page.get_by_label("这几项我也看过").check()
    page.get_by_role("button", name=re.compile("退回并通知企业")).click()
    expect(page.locator("main")).to_contain_text("退回补正")


def correct_and_resubmit(page: Page, papers: Papers) -> None:
    """Only the photo is unlocked; the agent replaces it."""
    open_case(page)
    expect(page.locator("main")).to_contain_text("照片中头部偏小，请重新拍摄。")
    open_material(page, 9)
    expect(page.locator("input[type=file]")).to_have_count(0)
    back_to_list(page)
    page.get_by_role("link", name="去替换材料8").click()
    upload(page, [papers.file("新照片.jpg", samples.photo(2, taken_on=TODAY))])
    back_to_list(page)
    page.get_by_role("button", name="改好了，重新提交").click()
    expect(page.locator("main")).to_contain_text("由服务站预审")


def circulate(page: Page) -> None:
    open_case(page)
    page.get_by_role("button", name="材料齐全，送五个部门审核").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("没有逐条核对，还要送审吗？")
    page.get_by_label("我知道以上内容没有逐条核对，仍要送部门审核").check()
    page.get_by_role("button", name="仍要送五个部门审核").click()
    expect(page.locator("main")).to_contain_text("已送四个部门")


@dataclass(frozen=True)
class Answer:
    """What a liaison fills in: labels of choices, and text by label."""

    words: str
    choices: tuple[str, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()


ANSWERS = {
    "commerce": Answer("情况属实，同意申办。", ("进出口实绩",)),
    "tax": Answer("未发现欠税，同意申办。", ("否",), (("上一年度纳税总额", "128.50"),)),
    "police": Answer("经查询，未发现犯罪记录，同意申办。"),
    "social": Answer("连续参保已满6个月，同意申办。", (), (("起始日期", "2023-05-01"),)),
    "foreign_affairs": Answer("材料齐全，同意推荐。"),
}


def sign_opinion(page: Page, link: str, username: str, answer: Answer) -> None:
    """The deep link of the mail, sign-in, the section of Annex 4, the cell, the password."""
    page.goto(link)
    fill_sign_in(page, username)
    expect(page.locator("main")).to_contain_text(PERSON.name)
    for label in answer.choices:
        page.get_by_label(label, exact=True).check()
    for label, text in answer.texts:
        page.get_by_label(label, exact=False).fill(text)
    page.get_by_label("办理意见").fill(answer.words)
    page.get_by_label("同意", exact=True).check()
    page.get_by_role("button", name="预览并签署").click()
    expect(page.get_by_role("img", name=re.compile("预览"))).to_be_visible()
    page.get_by_label("密码", exact=False).fill(PASSWORD)
    page.get_by_role("button", name="确认签署").click()
    expect(page.locator("main")).to_contain_text("意见已签署")


def download_table(page: Page, folder: Path) -> tuple[Path, Path]:
    """The signed table as PDF and as JPG, from the case that stands first on the home page."""
    page.goto("/")
    saved = []
    for name, target in (("下载PDF", folder / "table.pdf"), ("下载.*JPG", folder / "table.jpg")):
        with page.expect_download() as download:
            page.get_by_role("link", name=re.compile(name)).first.click()
        download.value.save_as(target)
        saved.append(target)
    return saved[0], saved[1]


def verify_file(page: Page, path: Path) -> None:
    page.goto("/verify/")
    page.locator("input[type=file]").set_input_files(str(path))
    page.get_by_role("button", name="验证文件").click()
