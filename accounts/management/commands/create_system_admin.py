"""The first system administrator, who then creates everybody else in the portal itself."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.invitations import invitation_path
from accounts.models import Role, User
from accounts.services import AccountRefused, create_account


class Command(BaseCommand):
    help = "建立第一个系统管理员，打印设置密码的链接。已有启用的系统管理员时拒绝。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username", help="登录名")
        parser.add_argument("--name", required=True, help="姓名")
        parser.add_argument("--email", required=True, help="电子邮箱")
        parser.add_argument("--phone", required=True, help="联系电话")

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.active().filter(role=Role.SYSTEM_ADMIN).exists():
            raise CommandError("已有启用的系统管理员，请由他在“账户”页面新建账户。")
        account = User(
            username=options["username"].lower(),
            name=options["name"],
            email=options["email"],
            phone=options["phone"],
            role=Role.SYSTEM_ADMIN,
        )
        try:
            account.full_clean(exclude=["password"])
            create_account(account, by=None)
        except ValidationError as error:
            raise CommandError("；".join(error.messages)) from error
        except AccountRefused as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"登录名：{account.username}")
        path = invitation_path(account)
        days = settings.INVITATION_DAYS
        self.stdout.write(f"请在{days}天内打开链接设置密码：{settings.SITE_URL}{path}")
