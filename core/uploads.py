"""The form field through which people give one or several files."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.datastructures import MultiValueDict

from core.forms import BaseForm

# For a browser's file picker. Any picture: a phone that is told of JPEG alone offers no camera, or
# hides its own photos; some computers do not count HEIC among the pictures.
PICTURES = "image/*,.heic,.heif"


class FilesInput(forms.FileInput):
    """Gives every file that was sent, also where the page offers to send one."""

    allow_multiple_selected = True

    def value_from_datadict(
        self, data: Mapping[str, Any], files: "MultiValueDict[str, Any]", name: str
    ) -> list[Any]:
        return files.getlist(name)


class FilesField(forms.FileField):
    """Gives a list. Content, size and emptiness are judged file by file, not here."""

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(widget=FilesInput(attrs={"multiple": most > 1}), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[bytes]]":
        files: list[Any] = list(data)
        if not files:
            raise forms.ValidationError("还没有选择文件。请先选择要上传的图片，再点上传。")
        if len(files) > self.most:
            raise forms.ValidationError(
                f"这里一次最多收{self.most}个文件，收到了{len(files)}个。请少选几个，分次上传。"
            )
        return files


class UploadForm(BaseForm):
    """`accept` is only for the browser's file picker."""

    def __init__(self, *args: Any, most: int, accept: str, help_text: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = FilesField(most=most, label="选择图片", help_text=help_text)
        field.widget.attrs["accept"] = accept
        # For a script that says so before anything is sent.
        field.widget.attrs["data-most"] = settings.MAX_UPLOAD_BYTES
        self.fields["files"] = field
