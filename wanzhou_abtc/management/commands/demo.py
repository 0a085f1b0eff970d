"""Fill an empty portal with invented people, firms and cases, and print the accounts."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import User
from wanzhou_abtc.demo.cast import PASSWORD
from wanzhou_abtc.demo.play import play


class Command(BaseCommand):
    help = "建立演示数据：两家企业、各角色账户、各种状态的申请。全部虚构。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--allow-production",
            action="store_true",
            help="在关闭 DEBUG 的系统上也建立演示数据（口令是公开的，慎用）",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG and not options["allow_production"]:
            raise CommandError(
                "这里关闭了 DEBUG，像是正式系统，没有建立演示数据。"
                "演示账户的口令是公开的；确要建立，请加 --allow-production。"
            )
        if User.objects.exists():
            raise CommandError("系统里已有用户，没有建立演示数据，以免混入正式数据。")
        with transaction.atomic():
            accounts = play()
        self.stdout.write(f"演示账户（口令都是 {PASSWORD}）：")
        for role, account in accounts:
            self.stdout.write(f"  {account.username:<22}{role}　{account.name}")
