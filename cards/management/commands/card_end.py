"""`manage.py card_end --issued … --card-until … --passport-until …`: the effective end as JSON."""

from argparse import ArgumentParser
from typing import Any

from cards.holding.card_end import EndUnreadable, card_end
from core.json_commands import JSONCommand


class Command(JSONCommand):
    help = "推算一张卡和卡上各经济体的实际有效期，输出一个JSON对象。"
    usage = (
        "card_end --issued 2026-03-02 --card-until 2031-03-01 --passport-until 2029-06-10 "
        "[--economy JPN=2028-01-01 …]"
    )
    # It reads no table, so it works before the database is made.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--issued", required=True, metavar="DATE", help="发卡日期")
        parser.add_argument("--card-until", required=True, metavar="DATE", help="卡面有效期至")
        parser.add_argument("--passport-until", required=True, metavar="DATE", help="护照有效期至")
        parser.add_argument(
            "--economy",
            action="append",
            nargs="+",
            default=[],
            metavar="CODE=DATE",
            help="经济体自己的有效期，可以重复；不写日期的随卡",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        economies = [one for several in options["economy"] for one in several]
        try:
            found = card_end(
                options["issued"], options["card_until"], options["passport_until"], economies
            )
        except EndUnreadable as error:
            self.refuse(str(error))
        self.answer(found)
