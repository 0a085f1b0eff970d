"""How the database finds what a query asks for: the tables read whole, the indexes used."""

import json
from collections.abc import Iterator
from typing import Any, Final

from django.db import connection
from django.db.utils import Error

from tests.benchmarks.scale.timing import Query, Seen

SLOWEST: Final = 10
WHOLE: Final = "Seq Scan"


def in_short(query: Query) -> str:
    """Which tables it reads whole and by which indexes it goes, in one line."""
    if not query.sql.lstrip().upper().startswith("SELECT"):
        return query.sql.split(" ", 1)[0]
    try:
        return _short_of_sqlite(query) if connection.vendor == "sqlite" else _short(query)
    except Error as error:
        return f"EXPLAIN 未成：{str(error).splitlines()[0]}"


def _short(query: Query) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + query.sql)
        found = cursor.fetchone()[0]
    plan = json.loads(found) if isinstance(found, str) else found
    nodes = list(_nodes(plan[0]["Plan"]))
    whole = {one["Relation Name"] for one in nodes if one["Node Type"] == WHOLE}
    indexes = {one["Index Name"] for one in nodes if "Index Name" in one}
    sorts = [one for one in nodes if one["Node Type"] == "Sort"]
    sorted_rows = max((one["Plan Rows"] for one in sorts), default=0)
    parts = [f"整表读 {'、'.join(sorted(whole))}"] if whole else []
    parts += [f"索引 {'、'.join(sorted(indexes))}"] if indexes else []
    parts += [f"排序 {sorted_rows} 行"] if sorted_rows else []
    return "；".join(parts)


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _nodes(child)


def _short_of_sqlite(query: Query) -> str:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN QUERY PLAN " + query.sql.replace("%", "%%"))
        return "；".join(str(row[-1]) for row in cursor.fetchall())


def of_slowest(seen: list[Seen]) -> str:
    """The plans of the slowest queries of all pages, each once, with what was really read."""
    slowest: dict[str, tuple[Query, Seen]] = {}
    for one in seen:
        for query in one.slow:
            shape = query.sql[:400]
            if shape not in slowest or slowest[shape][0].milliseconds < query.milliseconds:
                slowest[shape] = (query, one)
    chosen = sorted(slowest.values(), key=lambda pair: -pair[0].milliseconds)[:SLOWEST]
    return "\n\n".join(_whole(query, one) for query, one in chosen)


def _whole(query: Query, seen: Seen) -> str:
    head = f"== {query.milliseconds:.0f} ms  {seen.look.who} {seen.look.name}  {seen.look.path}"
    return f"{head}\n{query.sql}\n{_plan(query)}"


def _plan(query: Query) -> str:
    if connection.vendor == "sqlite":
        return in_short(query)
    for how in ("EXPLAIN (ANALYZE, BUFFERS) ", "EXPLAIN "):
        try:
            with connection.cursor() as cursor:
                cursor.execute(how + query.sql)
                return "\n".join(row[0] for row in cursor.fetchall())
        except Error:
            continue
    return "EXPLAIN 未成"
