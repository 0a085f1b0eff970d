"""What corrects a material that was asked for: other pages, not the same in another way."""

import io

import pytest
from PIL import Image, ImageEnhance

from accounts.models import User
from applications.dossier.loading import load_dossier
from applications.models import Application
from applications.services.pages import stack_of
from materials import samples
from materials.stack import PageRefused, add_page, move_page, remove_page
from tests.factories import CorrectionFactory, material_page, picture, standing_page


def saved(data: bytes, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.open(io.BytesIO(data)).save(buffer, "JPEG", **options)
    return buffer.getvalue()


def brighter(data: bytes) -> bytes:
    """A correction as small as one can see."""
    buffer = io.BytesIO()
    ImageEnhance.Brightness(Image.open(io.BytesIO(data))).enhance(0.96).save(buffer, "JPEG")
    return buffer.getvalue()


def asked_for(application: Application, number: int) -> Application:
    """Returned, with one thing to correct in this material."""
    CorrectionFactory.create(application=application, number=number, sent=True)
    Application.objects.filter(pk=application.pk).update(status="returned")
    application.refresh_from_db()
    return application


def label(application: Application, number: int) -> str:
    return load_dossier(application).item(number).label


@pytest.fixture
def returned(submitted: Application) -> Application:
    """A photo that was faulted, and nothing else."""
    submitted.materials.get(number=8).pages.all().delete()
    material_page(submitted, 8, samples.photo(1))
    return asked_for(submitted, 8)


class TestAPhoto:
    @pytest.mark.parametrize("quality", [95, 80])
    def test_saved_anew_is_the_same_and_refused(
        self, returned: Application, agent: User, quality: int
    ) -> None:
        data = saved(samples.photo(1), quality=quality, comment=b"saved anew")

        with pytest.raises(PageRefused, match="和原来的一模一样，没有替换"):
            add_page(stack_of(returned, 8), data=data, name="新.jpg", by=agent)

        assert label(returned, 8) == "需要补正"

    def test_removed_and_uploaded_again_is_no_other(
        self, returned: Application, agent: User
    ) -> None:
        stack = stack_of(returned, 8)
        remove_page(stack, stack.current()[0], by=agent)

        with pytest.raises(PageRefused, match="和原来的一模一样"):
            add_page(stack, data=samples.photo(1), name="旧.jpg", by=agent)

        assert label(returned, 8) == "需要补正"

    def test_after_a_better_one_the_faulted_one_does_not_come_back(
        self, returned: Application, agent: User
    ) -> None:
        stack = stack_of(returned, 8)
        add_page(stack, data=samples.photo(2), name="新.jpg", by=agent)

        with pytest.raises(PageRefused, match="和原来的一模一样"):
            add_page(stack, data=samples.photo(1), name="旧.jpg", by=agent)

        assert [page.file.original_name for page in stack.current()] == ["新.jpg"]

    @pytest.mark.parametrize("data", [samples.photo(2), brighter(samples.photo(1))])
    def test_that_differs_is_taken(self, returned: Application, agent: User, data: bytes) -> None:
        report = add_page(stack_of(returned, 8), data=data, name="新.jpg", by=agent)

        assert report.accepted
        assert label(returned, 8) != "需要补正"

    def test_of_a_draft_may_be_saved_anew(self, draft: Application, agent: User) -> None:
        stack = stack_of(draft, 8)
        for quality in (95, 80):
            data = saved(samples.photo(1), quality=quality)
            assert add_page(stack, data=data, name=f"{quality}.jpg", by=agent).accepted
        assert [page.file.original_name for page in stack.current()] == ["80.jpg"]


class TestPages:
    @pytest.mark.parametrize("number", [1, 5])
    def test_in_another_order_correct_nothing(
        self, submitted: Application, agent: User, number: int
    ) -> None:
        if number == 1:
            standing_page(submitted.enterprise, 1, picture(1, "two"))
        else:
            material_page(submitted, 5, picture(5, "two"))
        application = asked_for(submitted, number)
        stack = stack_of(application, number)

        move_page(stack, stack.current()[1], place=1, by=agent)

        assert label(application, number) == "需要补正"
        assert not application.corrections.get().is_met

    @pytest.mark.parametrize("number", [1, 4])
    def test_removed_and_uploaded_again_correct_nothing(
        self, submitted: Application, agent: User, number: int
    ) -> None:
        standing_page(submitted.enterprise, number, picture(number, "two"))
        application = asked_for(submitted, number)
        stack = stack_of(application, number)

        remove_page(stack, stack.current()[1], by=agent)
        assert label(application, number) == "已更正"
        add_page(stack, data=picture(number, "two"), name="又.jpg", by=agent)

        assert label(application, number) == "需要补正"

    def test_that_were_exchanged_are_corrected_by_the_enterprise_s_own_page_too(
        self, submitted: Application, agent: User
    ) -> None:
        application = asked_for(submitted, 1)
        stack = stack_of(application, 1)

        add_page(stack, data=picture(1, "new"), name="新.jpg", by=agent)

        assert label(application, 1) == "已更正"
