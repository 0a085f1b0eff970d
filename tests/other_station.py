"""Another of the city's stations, as its file: four departments, names and days of its own."""

from copy import deepcopy
from typing import Any

from wanzhou_abtc.station import file


def other_station() -> dict[str, Any]:
    """Of 黔江区; one department has no blanks of its own in Annex 4."""
    content = deepcopy(file.export())
    content["station"] |= {
        "name": "黔江区APEC商务旅行卡协办服务站",
        "short": "黔江",
        "district": "黔江区",
        "code": "500114",
        "hotline": "023-79000000",
        "office_hours": "08:30-12:00,14:00-17:30",
    }
    content["targets"] |= {"whole": 4, "corrections": 8}
    by_code = {one["code"]: one for one in content["departments"]}
    market = {
        "code": "market",
        "name": "区市场监管局",
        "section": "opinion",
        "materials": [2, 4],
        "signs_last": False,
        "phrases": [{"text": "情况属实，同意。", "conclusion": "agree"}],
    }
    content["departments"] = [
        by_code["tax"] | {"name": "区税务分局"},
        by_code["police"],
        market,
        by_code["foreign_affairs"],
    ]
    days = next(one for one in content["parameters"] if one["code"] == "cards.cancel_days")
    days["values"] = [{**days["values"][0], "value": "45"}]
    content["texts"][2]["text"] += "\n有没有张贴须知"
    content["rules"]["source"] = "黔江区的实施方案"
    del content["questions"][0]
    content["plan"] = [
        {
            "number": 1,
            "name": "摸底宣传",
            "begins_on": "2026-03-01",
            "ends_on": "2026-05-31",
            "text": "摸清区内企业的需求，开一次宣讲会。",
            "tasks": [
                {
                    "title": "走访重点企业",
                    "unit": "区商务委",
                    "due_on": "2026-05-31",
                    "figure": "visits",
                    "goal": 20,
                }
            ],
        },
        {
            "number": 2,
            "name": "常态化服务",
            "begins_on": "2026-06-01",
            "ends_on": None,
            "text": "常年受理。",
            "tasks": [],
        },
    ]
    return content
