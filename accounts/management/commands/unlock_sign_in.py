"""Unlocking of a sign-in at the machine, for when nobody who may do it can sign in himself."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services import unlock_sign_in
from accounts.sign_in import owner_of_name


class Command(BaseCommand):
    help = (
        "解除一个人的登录锁定，写入审计记录。平时请由安全管理员在“锁定与验证”页面办理；"
        "安全管理员自己也被锁定时用这条命令。只解除登录的锁定，不改密码，不解除签署的锁定。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="登录名（企业经办人为注册时的邮箱）")
        parser.add_argument("--reason", required=True, help="原因，写入审计记录")

    def handle(self, *args: Any, **options: Any) -> None:
        user = owner_of_name(options["username"])
        if user is None:
            raise CommandError("没有人用这个登录名，请检查。")
        if unlock_sign_in(user.username, by=None, reason=options["reason"]):
            self.stdout.write(f"{user.title}的登录锁定已解除，现在可以登录。")
        else:
            self.stdout.write(f"{user.title}没有被锁定，无需解除。")
