"""The alert rules, the dashboard and the tables of docs/monitoring.md name what a scrape has."""

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator

import promql_parser
import pytest
import requests
import yaml
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

from config.development_database import PROJECT
from messaging import metrics
from messaging.monitoring import exposition

PAGE = PROJECT / "docs" / "monitoring.md"
FOLDER = PROJECT / "docs" / "monitoring"
OF_PROMETHEUS = {"up"}
OF_PYTHON = ("python_", "process_")

Sample = tuple[str, dict[str, str]]


def rules() -> list[dict]:
    """Each alert rule of the file."""
    (group,) = yaml.safe_load((FOLDER / "alerts.yml").read_text())["groups"]
    return group["rules"]


def targets() -> dict[str, str]:
    """Each expression of the dashboard, by its panel and letter."""
    panels = json.loads((FOLDER / "dashboard.json").read_text())["panels"]
    return {
        f"{panel['title']} {target['refId']}": target["expr"].replace("$__rate_interval", "5m")
        for panel in panels
        for target in panel["targets"]
    }


EXPRESSIONS = {rule["alert"]: rule["expr"] for rule in rules()} | targets()


@pytest.fixture
def families(web: str, settings) -> list[Metric]:
    """What web tells when it is asked, and worker and jobs with it: they are one process here."""
    for module in pkgutil.iter_modules(metrics.__path__, f"{metrics.__name__}."):
        importlib.import_module(module.name)
    settings.METRICS_TOKEN = "metrics-token-of-the-tests"
    exposition.state.kept_until = 0
    bearer = {"Authorization": f"Bearer {settings.METRICS_TOKEN}"}
    answer = requests.get(f"{web}/metrics", headers=bearer, timeout=10)
    return [
        family
        for family in text_string_to_metric_families(answer.text)
        if not family.name.startswith(OF_PYTHON)
    ]


def selectors(expression: object) -> Iterator[promql_parser.VectorSelector]:
    """Each selector below an expression that was parsed."""
    if isinstance(expression, promql_parser.VectorSelector):
        yield expression
    parts = ("lhs", "rhs", "expr", "args", "vector_selector", "selector")
    for part in (getattr(expression, name, None) for name in parts):
        for each in part if isinstance(part, list) else [part]:
            if each is not None:
                yield from selectors(each)


def picks(selector: promql_parser.VectorSelector, sample: Sample) -> bool:
    name, labels = sample
    return selector.name == name and all(
        bool(re.fullmatch(matcher.value, labels.get(matcher.name, "")))
        is (matcher.op in (promql_parser.MatchOp.Equal, promql_parser.MatchOp.Re))
        for matcher in selector.matchers.matchers
    )


def values_named(selector: promql_parser.VectorSelector) -> Iterator[tuple[str, str]]:
    """Each value that a selector names, those of an alternative apart."""
    for matcher in selector.matchers.matchers:
        for value in matcher.value.split("|"):
            yield matcher.name, value


@pytest.mark.parametrize("name", EXPRESSIONS)
def test_every_expression_picks_something_that_a_scrape_has(name, families):
    samples = [(sample.name, sample.labels) for each in families for sample in each.samples]
    found = [
        selector
        for selector in selectors(promql_parser.parse(EXPRESSIONS[name]))
        if selector.name not in OF_PROMETHEUS
    ]

    assert [s.prettify() for s in found if not any(picks(s, each) for each in samples)] == []
    unknown = [
        (selector.name, label, value)
        for selector in found
        for label, value in values_named(selector)
        if not any(
            name == selector.name and re.fullmatch(value, labels.get(label, ""))
            for name, labels in samples
        )
    ]
    assert unknown == []


def test_every_expression_selects_something():
    counts = {
        name: len(list(selectors(promql_parser.parse(expression))))
        for name, expression in EXPRESSIONS.items()
    }
    assert [name for name, count in counts.items() if count == 0] == []
    assert counts["MessagingSendsFail"] == 3


def rows(heading: str) -> list[str]:
    """The first cell of each row of a section's table."""
    section = PAGE.read_text().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"^\| `?(\w+)`? \|", section, re.MULTILINE)[1:]


def test_the_page_has_every_metric_and_no_other(families):
    told = {
        f"{family.name}_total" if family.type == "counter" else family.name for family in families
    }
    assert sorted(rows("Metrics")) == sorted(told)


def test_the_page_has_the_first_step_of_every_alert_and_no_other():
    assert rows("Alerts") == [rule["alert"] for rule in rules()]


def test_every_alert_says_how_grave_it_is_and_what_happened():
    for rule in rules():
        assert rule["labels"]["severity"] in {"critical", "warning"}, rule["alert"]
        assert re.fullmatch(r".+\.", rule["annotations"]["summary"]), rule["alert"]
