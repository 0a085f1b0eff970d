"""The places of bars and lines, reckoned by hand."""

from django.template.loader import render_to_string

from core.charts import BarChart, ChartRow, LineChart


def test_the_longest_bar_fills_the_width_and_what_is_not_nothing_is_seen():
    rows = [ChartRow("甲", 400, "400件"), ChartRow("乙", 1, "1件", 200), ChartRow("丙", 0, "0件")]
    bars = list(BarChart("件数", rows).bars)
    assert [bar.length for bar in bars] == [1000, 10, 0]
    assert bars[1].earlier_length == 500


def test_a_chart_of_nothing_is_drawn():
    assert [bar.length for bar in BarChart("件数", [ChartRow("甲", 0, "0")]).bars] == [0]
    assert "看数字" in render_to_string("components/_line.html", {"chart": LineChart("无", [])})


def test_zero_stands_at_the_foot_and_the_highest_at_the_top():
    chart = LineChart("用时", [ChartRow("一月", 0, "0"), ChartRow("二月", 6, "6")], target=3)
    assert chart.path == "34,128 326,14"
    assert chart.target_height == 71


def test_the_newest_of_many_points_bears_its_name():
    points = LineChart("用时", [ChartRow(f"{n}月", n, str(n)) for n in range(1, 13)]).points
    assert [point.label for point in points if point.label] == [
        "2月", "4月", "6月", "8月", "10月", "12月",
    ]  # fmt: skip


def test_the_table_of_a_chart_holds_every_number_and_its_link():
    row = ChartRow("甲", 5, "5件", 4, "4件", url="/list/")
    page = render_to_string(
        "components/_bars.html", {"chart": BarChart("件数", [row], before="上期")}
    )
    assert '<a href="/list/">5件</a>' in page
    assert "上期4件" in page
