"""Reset of a security administrator's second factor, which nobody else in the portal can do."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from accounts.second_factor import has_second_factor
from accounts.services import remove_second_factor
from core.text import email


class Command(BaseCommand):
    help = "重置一个人的第二重验证，写入审计记录。平时请由安全管理员在“锁定与验证”页面办理。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="登录名")
        parser.add_argument("--reason", required=True, help="原因，写入审计记录")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.filter(username__iexact=email(options["username"])).first()
        if user is None:
            raise CommandError(f"没有登录名为“{options['username']}”的账户，请检查。")
        if not has_second_factor(user):
            raise CommandError(f"{user.title}没有启用第二重验证，无需重置。")
        remove_second_factor(user, by=None, reason=options["reason"])
        self.stdout.write(f"{user.title}的第二重验证已重置，请提醒本人登录后重新启用。")
