from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "files"
    verbose_name = "文件"
    personal_data = "files.personal_data.REGISTER"
