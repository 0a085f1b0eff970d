"""Mending on the spot, as agents do it: cropping, signing on a phone, and without scripts."""

import io
import re
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest
from PIL import ExifTags, Image
from playwright.sync_api import Locator, Page, Route, expect

from accounts import heavy_work
from accounts.models import User
from applications.models import Application, MaterialPage, Repair
from core import work_places
from files.models import StoredFile
from files.recognition import read_text
from files.recognition_packages import is_available
from materials import samples
from materials.kinds.passport import mrz
from materials.kinds.passport.reading import zone_text
from tests import journey
from tests.browser import PHONE, OpenPage, assert_accessible, assert_fits
from tests.factories import (
    ApplicantFactory,
    ApplicationFactory,
    EnterpriseFactory,
    agent_of,
    picture,
)

pytestmark = [pytest.mark.browser, pytest.mark.live]


@pytest.fixture
def case(transactional_db: None) -> Application:
    enterprise = EnterpriseFactory.create()
    agent_of(enterprise, username="agent@example.com")
    return ApplicationFactory.create(applicant=ApplicantFactory.create(enterprise=enterprise))


def at_material(page: Page, application: Application, number: int) -> Page:
    journey.sign_in(page, User.objects.get(username="agent@example.com").username)
    page.goto(f"/applications/{application.pk}/materials/{number}/")
    return page


def file_of(folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.write_bytes(data)
    return str(path)


def scene(look: int = 1) -> bytes:
    """A portrait as a phone takes it: large, not of the ratio asked for, with wall all around."""
    portrait = Image.open(io.BytesIO(samples.photo(look)))
    wall = Image.new("RGB", (1800, 2000), (252, 252, 252))
    wall.paste(portrait.resize((1100, 1466)), (350, 534))
    return jpeg(wall)


def phone_photo() -> bytes:
    """The same of twelve megapixels, stored on its side and marked so, as phones do."""
    upright = Image.open(io.BytesIO(scene())).resize((3024, 4032))
    marked = Image.Exif()
    marked[ExifTags.Base.Orientation] = 6
    return jpeg(upright.rotate(90, expand=True), exif=marked)


def jpeg(image: Image.Image, quality: int = 92, exif: Image.Exif | None = None) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality, exif=exif or Image.Exif())
    return buffer.getvalue()


def opened(stored: StoredFile) -> Image.Image:
    with stored.content.open("rb") as file:
        return Image.open(io.BytesIO(file.read()))


def drag(page: Page, stage: Locator, *, down: int) -> None:
    """From the middle, where the guides for the head are; the picture follows."""
    moved = page.locator(".cropper-canvas")
    before, box = moved.bounding_box(), stage.bounding_box()
    assert before is not None
    assert box is not None
    middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0], middle[1] + down, steps=4)
    page.mouse.up()
    after = moved.bounding_box()
    assert after is not None
    assert after["y"] == pytest.approx(before["y"] + down, abs=1)


def test_a_file_chosen_before_the_script_arrives_is_cropped_all_the_same(
    case: Application, desktop: Page, tmp_path: Path
) -> None:
    late: list[Route] = []
    desktop.route("**/mend.js", lambda route: late.append(route))
    journey.sign_in(desktop, "agent@example.com")
    desktop.goto(f"/applications/{case.pk}/materials/8/", wait_until="commit")
    desktop.locator("input[type=file]").set_input_files(file_of(tmp_path, "高.jpg", scene()))
    late[0].continue_()
    expect(desktop.get_by_role("button", name="裁好了，看结果")).to_be_visible()


def test_a_photo_is_cropped_to_the_pixel_and_its_original_kept(
    case: Application, open_page: OpenPage, tmp_path: Path
) -> None:
    page = at_material(open_page(), case, 8)
    taken = phone_photo()

    page.get_by_label("选择图片").set_input_files(file_of(tmp_path, "手机照片.jpg", taken))
    expect(page.locator(".mend[data-ready]")).to_be_visible()
    assert_accessible(page)
    expect(page.locator("main")).to_contain_text("这张图是3024×4032像素")
    for _ in range(3):
        page.get_by_role("button", name="放大").click()
    drag(page, page.locator(".mend__stage"), down=-80)
    page.get_by_role("button", name="裁好了，看结果").click()
    expect(page.locator(".mend")).to_contain_text("JPG，550×733像素")
    page.get_by_role("button", name="上传这张").click()

    expect(page.locator("main")).to_contain_text("已收下裁好的图片")
    expect(page.locator(".file-row")).to_contain_text("JPG，550×733像素")
    kept = MaterialPage.objects.select_related("file", "original").get()
    with opened(kept.file) as image:
        assert (image.format, image.size) == ("JPEG", (550, 733))
        grey = image.convert("L")
        assert min(grey.crop((0, 0, 550, 20)).tobytes()) > 240  # upright: wall above the head
        assert min(grey.crop((200, 700, 350, 733)).tobytes()) < 100  # and a suit below it
    assert kept.original is not None
    with kept.original.content.open("rb") as file:
        assert file.read() == taken
    assert_accessible(page)


def test_a_photo_is_praised_only_where_the_server_would_take_it(
    case: Application, desktop: Page, tmp_path: Path
) -> None:
    page = at_material(desktop, case, 8)
    blank = jpeg(Image.new("RGB", (550, 733), "white"))
    note = page.locator(".form-text[role=status]")

    page.get_by_label("选择图片").set_input_files(file_of(tmp_path, "空白.jpg", blank))
    expect(note).to_contain_text("550×733像素，不合要求：照片中间几乎全是白色，看不到人像。")
    expect(note).not_to_contain_text("可以直接上传")
    good = file_of(tmp_path, "照片.jpg", samples.photo(1))
    page.get_by_label("选择图片").set_input_files(good)
    expect(note).to_contain_text("550×733像素，符合要求，可以直接上传。请留意：照片里没有记录")
    assert MaterialPage.objects.count() == 0
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.locator(".file-row")).to_contain_text("照片.jpg")


def test_on_a_phone_the_handles_fit_a_finger_and_the_camera_is_the_one_at_the_back(
    case: Application, open_page: OpenPage, tmp_path: Path
) -> None:
    page = at_material(open_page(PHONE), case, 10)
    scan = Image.open(io.BytesIO(samples.passport(journey.PERSON))).convert("RGB")
    noise = Image.effect_noise(scan.size, 90).convert("RGB").resize((2000, 1400))
    data = jpeg(Image.blend(scan.resize(noise.size), noise, 0.5), 100)
    assert len(data) > 1_048_576
    page.get_by_label("选择图片").set_input_files(file_of(tmp_path, "护照.jpg", data))
    expect(page.locator(".mend[data-ready]")).to_be_visible()
    frame = page.locator(".cropper-crop-box")
    for corner in ("nw", "ne", "sw", "se"):
        box = page.locator(f".cropper-point.point-{corner}").bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44
    before = frame.bounding_box()
    assert before is not None
    handle = page.locator(".cropper-point.point-se").bounding_box()
    assert handle is not None
    # Where a finger lands inside the frame, beside its corner.
    page.mouse.move(handle["x"] + 10, handle["y"] + 10)
    page.mouse.down()
    page.mouse.move(handle["x"] - 50, handle["y"] - 30, steps=4)
    page.mouse.up()
    after = frame.bounding_box()
    assert after is not None
    assert after["width"] == pytest.approx(before["width"] - 60, abs=2)
    assert_fits(page)

    page.goto(f"/applications/{case.pk}/materials/8/")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="拍照").click()
    camera = chooser.value.element
    assert camera.get_attribute("capture") == "environment"
    assert camera.get_attribute("accept") == "image/*"


def test_a_scan_is_cropped_by_keyboard_alone(
    case: Application, open_page: OpenPage, tmp_path: Path
) -> None:
    page = at_material(open_page(), case, 10)
    scan = Image.open(io.BytesIO(samples.passport(journey.PERSON))).convert("RGB")
    sheet = Image.new("RGB", (scan.width + 200, scan.height + 200), "white")
    sheet.paste(scan, (200, 200))
    noise = Image.effect_noise(sheet.size, 90).convert("RGB")
    data = jpeg(Image.blend(sheet, noise, 0.2), 100)

    page.get_by_label("选择图片").set_input_files(file_of(tmp_path, "护照.jpg", data))
    expect(page.locator(".mend[data-ready]")).to_be_visible()
    expect(page.locator(".mend__title")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("group", name="裁剪框")).to_be_focused()
    frame = page.locator(".cropper-crop-box")
    before = frame.bounding_box()
    press(page, "Shift+ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowUp", "ArrowLeft", "ArrowUp")
    after = frame.bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] == pytest.approx(before["width"] - 20, abs=1)
    assert after["height"] == pytest.approx(before["height"] - 10, abs=1)
    press(page, *["Tab"] * 8, "Enter")
    expect(page.locator(".mend__title")).to_have_text("裁好的样子")
    expect(page.locator(".mend__title")).to_be_focused()
    press(page, "Tab", "Enter")

    expect(page.locator("main")).to_contain_text("已收下裁好的图片")


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def stroke(page: Page, row: float) -> None:
    """From a fifth of the pad's width to four fifths, by a finger on the glass."""
    pad = page.locator(".mend__pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box is not None
    glass = page.context.new_cdp_session(page)
    points = [
        {"x": box["x"] + box["width"] * (0.2 + 0.06 * step), "y": box["y"] + box["height"] * row}
        for step in range(11)
    ]
    for kind, touched in (
        ("touchStart", points[:1]),
        *(("touchMove", [point]) for point in points[1:]),
        ("touchEnd", []),
    ):
        glass.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touched})


def ink_on_pad(page: Page) -> tuple[float, float]:
    """Where the ink begins and ends, as shares of the pad's width."""
    data = page.locator(".mend__pad").evaluate("pad => pad.toDataURL('image/png')")
    image = Image.open(io.BytesIO(b64decode(data.partition(",")[2]))).convert("L")
    box = image.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert box is not None
    return box[0] / image.width, box[2] / image.width


def test_a_signature_is_made_on_a_phone(case: Application, open_page: OpenPage) -> None:
    page = at_material(open_page(PHONE), case, 9)

    page.get_by_role("button", name="在屏幕上签名").click()
    assert_fits(page)
    stroke(page, 0.3)
    stroke(page, 0.5)
    page.set_viewport_size({"width": PHONE["height"], "height": PHONE["width"]})
    before = ink_on_pad(page)
    stroke(page, 0.7)
    assert before == pytest.approx((0.2, 0.8), abs=0.1)  # turned, the strokes stay in place
    assert ink_on_pad(page) == pytest.approx((0.2, 0.8), abs=0.1)
    page.get_by_role("button", name="签好了，看结果").click()
    expect(page.locator(".mend")).to_contain_text("JPG，550×280像素")
    page.get_by_role("button", name="上传这张").click()

    expect(page.locator("main")).to_contain_text("已收下裁好的图片")
    kept = MaterialPage.objects.select_related("file").get()
    assert kept.original is None
    with opened(kept.file) as image:
        assert (image.format, image.size) == ("JPEG", (550, 280))


def test_a_red_signature_is_not_made_black(
    case: Application, open_page: OpenPage, tmp_path: Path
) -> None:
    page = at_material(open_page(), case, 9)
    strokes = Image.open(io.BytesIO(samples.signature("张样例", 1))).convert("L")
    paper = Image.new("RGB", (1400, 900), "white")
    mask = Image.new("L", paper.size, 0)
    mask.paste(strokes.resize((1000, 509)).point(lambda v: 255 - v), (200, 200))
    paper.paste(Image.new("RGB", paper.size, (190, 30, 40)), mask=mask)

    page.get_by_label("选择图片").set_input_files(file_of(tmp_path, "红笔.jpg", jpeg(paper)))
    expect(page.locator(".mend[data-ready]")).to_be_visible()
    page.get_by_role("button", name="裁好了，看结果").click()

    expect(page.locator(".mend [role=alert]")).to_contain_text("红色或其他颜色的笔迹、印章")
    expect(page.get_by_role("button", name="上传这张")).to_have_count(0)
    assert not MaterialPage.objects.exists()


def test_a_grey_photo_of_a_signature_becomes_black_on_white(
    case: Application, open_page: OpenPage, tmp_path: Path
) -> None:
    page = at_material(open_page(), case, 9)
    strokes = Image.open(io.BytesIO(samples.signature("张样例", 1))).convert("L")
    paper = Image.linear_gradient("L").resize((1400, 900)).point(lambda v: 150 + v // 4)
    ink = Image.new("L", paper.size, 70)
    mask = Image.new("L", paper.size, 0)
    mask.paste(strokes.resize((1000, 509)).point(lambda v: 255 - v), (200, 200))
    paper.paste(ink, mask=mask)

    page.get_by_label("选择图片").set_input_files(file_of(tmp_path, "签名.jpg", jpeg(paper)))
    expect(page.locator(".mend[data-ready]")).to_be_visible()
    page.get_by_role("button", name="裁好了，看结果").click()
    page.get_by_role("button", name="上传这张").click()

    expect(page.locator("main")).to_contain_text("已收下裁好的图片")
    with opened(MaterialPage.objects.get().file) as image:
        levels = image.convert("L").tobytes()
        assert levels[0] > 250
        assert min(levels) < 40


@pytest.mark.skipif(not is_available(), reason="recognition packages are not installed")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_large_passport_scan_is_compressed_and_its_zone_stays_readable(
    case: Application, open_page: OpenPage, tmp_path: Path
) -> None:
    page = at_material(open_page(), case, 10)
    noise = Image.effect_noise((2600, 1800), 90).convert("RGB")
    scan = Image.open(io.BytesIO(samples.passport(journey.PERSON))).resize(noise.size)
    data = jpeg(Image.blend(scan, noise, 0.12).rotate(90, expand=True), 97)
    assert len(data) > 1_048_576

    page.get_by_label("选择图片").set_input_files(file_of(tmp_path, "护照.jpg", data))
    expect(page.locator(".mend[data-ready]")).to_be_visible()
    page.get_by_role("button", name="向右转").click()
    expect(page.locator(".mend[data-ready]")).to_be_visible()
    page.get_by_role("button", name="裁好了，看结果").click()
    page.get_by_role("button", name="上传这张").click()

    expect(page.locator("main")).to_contain_text("已收下裁好的图片")
    kept = MaterialPage.objects.select_related("file").get().file
    assert kept.size < 1_048_576
    assert kept.width is not None
    assert kept.width >= 1600
    with kept.content.open("rb") as file:
        reading = read_text(file.read())
    zone = mrz.parse(zone_text(reading.lines), today=journey.TODAY)
    assert (reading.turned, zone.failed) == (0, ())
    assert zone.number == journey.PERSON.passport_number


def test_without_scripts_the_server_crops_and_the_agent_decides(
    case: Application, open_page: OpenPage, tmp_path: Path
) -> None:
    page = at_material(open_page(scripts=False), case, 8)

    page.get_by_label("选择图片").set_input_files(file_of(tmp_path, "手机照片.jpg", scene()))
    page.get_by_role("button", name="上传", exact=True).click()
    expect(page.locator("main")).to_contain_text("照片应为宽550×高733像素")
    page.get_by_role("button", name="按要求自动裁剪").click()
    expect(page.get_by_role("img", name="裁剪前的图")).to_be_visible()
    expect(page.get_by_role("img", name="裁剪后的图")).to_be_visible()
    page.get_by_role("button", name="采用裁剪后的图").click()

    expect(page.locator("main")).to_contain_text("已采用裁剪后的图片")
    expect(page.locator(".file-row")).to_contain_text("JPG，550×733像素")
    assert Repair.objects.get().state == Repair.State.ACCEPTED


def test_of_several_files_a_bad_one_and_a_broken_one_hold_up_nothing(
    case: Application, open_page: OpenPage, tmp_path: Path
) -> None:
    page = at_material(open_page(), case, 5)
    files = [
        file_of(tmp_path, "合同1.jpg", picture(5, "one")),
        file_of(tmp_path, "坏的.jpg", b"hello"),
        file_of(tmp_path, "断的.jpg", picture(5, "broken")),
        file_of(tmp_path, "合同2.jpg", picture(5, "two")),
    ]
    sent: list[str] = []

    def breaking_third(route: object) -> None:
        sent.append("")
        if len(sent) == 3:
            route.abort()  # type: ignore[attr-defined]
        else:
            route.continue_()  # type: ignore[attr-defined]

    page.route("**/upload/", breaking_third)
    page.get_by_label("选择图片").set_input_files(files)
    page.get_by_role("button", name="上传", exact=True).click()

    voice = page.locator(".upload-list__voice")
    expect(voice).to_contain_text("共4个文件，收下2个，没有收下2个")
    expect(page.locator(".file-row")).to_have_count(2)
    problems = page.get_by_role("alert")
    expect(problems).to_contain_text("坏的.jpg：这里只收jpg、png、jpeg图片，收到的是文本文件")
    expect(page.get_by_text("收到的是文本文件")).to_have_count(1)
    assert_accessible(page)
    again = page.get_by_role("button", name="再上传一次：断的.jpg")
    again.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".file-row")).to_have_count(3)
    expect(voice).to_contain_text("没有收下1个")
    expect(page.locator(".upload-list__item").nth(2)).to_be_focused()
    # The next attempt takes the place of what became of this one.
    bad = [file_of(tmp_path, f"又坏{number}.jpg", b"hello") for number in (1, 2)]
    for file in bad:
        page.get_by_label("选择图片").set_input_files(file)
        page.get_by_role("button", name="上传", exact=True).click()
        expect(problems).to_contain_text(Path(file).name)
        expect(problems.locator("p")).to_have_count(1)
    expect(page.get_by_text("坏的.jpg")).to_have_count(0)


def test_while_the_server_is_busy_with_others_a_file_waits_and_is_sent_again(
    case: Application,
    open_page: OpenPage,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.WORK_PLACES = 1
    monkeypatch.setattr(work_places, "PATIENCE_SECONDS", 0.0)
    monkeypatch.setattr(heavy_work, "RETRY_SECONDS", 1)
    page = at_material(open_page(), case, 5)
    page.get_by_label("选择图片").set_input_files(file_of(tmp_path, "合同.jpg", picture(5, "one")))
    with work_places.place("somebody-else"):
        page.get_by_role("button", name="上传", exact=True).click()
        expect(page.locator(".upload-list__item")).to_contain_text("前面有人在处理，正在排队")

    expect(page.locator(".file-row")).to_have_count(1)


def test_a_file_sent_again_is_said_to_stand_last(
    case: Application, open_page: OpenPage, tmp_path: Path
) -> None:
    page = at_material(open_page(PHONE), case, 5)
    names = ("合同1.jpg", "合同2.jpg")
    files = [file_of(tmp_path, name, picture(5, name)) for name in names]
    page.route("**/upload/", lambda route: route.abort(), times=1)

    page.get_by_label("选择图片").set_input_files(files)
    page.get_by_role("button", name="上传", exact=True).click()
    page.get_by_role("button", name="再上传一次：合同1.jpg").click()

    expect(page.locator(".alert-success")).to_contain_text("已收下2页")
    expect(page.locator(".alert-success")).to_contain_text("挪回原来的位置：“合同1.jpg”")
    assert page.locator(".file-row__name").all_inner_texts() == [
        "第1页　合同2.jpg",
        "第2页　合同1.jpg",
    ]


def test_twenty_pages_go_up_one_by_one(
    case: Application, open_page: OpenPage, tmp_path: Path
) -> None:
    page = at_material(open_page(PHONE), case, 5)
    files = [file_of(tmp_path, f"{n:02d}.jpg", picture(5, f"page {n}")) for n in range(1, 21)]

    page.get_by_label("选择图片").set_input_files(files)
    page.get_by_role("button", name="上传", exact=True).click()

    expect(page.locator(".alert-success")).to_contain_text("已收下20页")
    expect(page.locator(".file-row")).to_have_count(20)
    assert_fits(page)
    names = MaterialPage.objects.order_by("position").values_list("file__original_name", flat=True)
    assert list(names) == [f"{n:02d}.jpg" for n in range(1, 21)]


def test_a_sample_opens_large_and_closes_again(case: Application, open_page: OpenPage) -> None:
    page = at_material(open_page(PHONE), case, 9)
    sample = page.get_by_role("link", name="放大样例：白底黑字，居中，四周留空")
    small = sample.locator("img").bounding_box()
    sample.click()
    dialog = page.get_by_role("dialog")
    large = dialog.locator("img")
    expect(large).to_be_visible()
    shown = large.bounding_box()
    assert small
    assert shown
    assert shown["width"] > 1.8 * small["width"]
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(sample).to_be_focused()


def test_without_scripts_a_sample_opens_as_a_page(case: Application, open_page: OpenPage) -> None:
    page = at_material(open_page(scripts=False), case, 9)
    page.get_by_role("link", name="放大样例：白底黑字，居中，四周留空").click()
    expect(page).to_have_url(re.compile(r"example-9-good.*\.png"))
