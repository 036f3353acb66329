"""The alert rules of docs/monitoring as Prometheus would judge them, by two scrapes alone: what
grows is what the second has more than the first, and no rule waits for its `for`.
"""

import operator
import re
from collections.abc import Callable, Iterable

import promql_parser
import yaml
from prometheus_client.parser import text_string_to_metric_families

from config.development_database import PROJECT

FILE = PROJECT / "docs" / "monitoring" / "alerts.yml"
Labels = frozenset[tuple[str, str]]
Vector = dict[Labels, float]
Scrape = dict[str, Vector]
COMPARED: dict[str, Callable[[float, float], bool]] = {
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
}
JOINED: dict[str, Callable[[Vector, Vector], Vector]] = {
    "and": lambda left, right: {each: left[each] for each in left.keys() & right.keys()},
    "/": lambda left, right: {
        each: left[each] / right[each] for each in left.keys() & right.keys() if right[each]
    },
}
AGGREGATED: dict[str, Callable[[Iterable[float]], float]] = {"sum": sum, "min": min, "max": max}
GROWN = {"increase", "delta", "rate"}
EQUAL = (promql_parser.MatchOp.Equal, promql_parser.MatchOp.Re)


def read(text: str, instance: str) -> Scrape:
    """Return the samples of a scrape by their names, with the label that tells one process's from
    another's.
    """
    scrape: Scrape = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            labels = frozenset({**sample.labels, "instance": instance}.items())
            scrape.setdefault(sample.name, {})[labels] = sample.value
    return scrape


def fires(alert: str, before: Scrape, now: Scrape) -> list[dict[str, str]]:
    """Return the labels of each series for which the rule's expression is true; none: it is
    quiet.
    """
    (group,) = yaml.safe_load(FILE.read_text())["groups"]
    (rule,) = (each for each in group["rules"] if each["alert"] == alert)
    return [dict(labels) for labels in judged(promql_parser.parse(rule["expr"]), before, now)]


def judged(expression: object, before: Scrape, now: Scrape) -> Vector:
    """Return the vector of an expression of those kinds that the drill needs; any other raises."""
    match expression:
        case promql_parser.VectorSelector():
            return picked(expression, now)
        case promql_parser.Call() if expression.func.name in GROWN:
            (over_time,) = expression.args
            was = picked(over_time.vector_selector, before)
            came = picked(over_time.vector_selector, now)
            seconds = over_time.range.total_seconds() if expression.func.name == "rate" else 1
            return {
                labels: (value - was.get(labels, 0)) / seconds for labels, value in came.items()
            }
        case promql_parser.AggregateExpr():
            return aggregated(expression, judged(expression.expr, before, now))
        case promql_parser.BinaryExpr() if str(expression.op) == "or":
            rest = judged(expression.rhs, before, now)
            return rest | judged(expression.lhs, before, now)
        case promql_parser.BinaryExpr() if str(expression.op) in JOINED:
            left, right = (judged(each, before, now) for each in (expression.lhs, expression.rhs))
            return JOINED[str(expression.op)](left, right)
        case promql_parser.BinaryExpr():
            holds, bound = COMPARED[str(expression.op)], expression.rhs.val
            found = judged(expression.lhs, before, now)
            return {labels: value for labels, value in found.items() if holds(value, bound)}
    raise NotImplementedError(expression)


def picked(selector: promql_parser.VectorSelector, scrape: Scrape) -> Vector:
    return {
        labels: value
        for labels, value in scrape.get(selector.name, {}).items()
        if all(
            bool(re.fullmatch(matcher.value, dict(labels).get(matcher.name, "")))
            is (matcher.op in EQUAL)
            for matcher in selector.matchers.matchers
        )
    }


def aggregated(expression: promql_parser.AggregateExpr, vector: Vector) -> Vector:
    kept = set(expression.modifier.labels) if expression.modifier else set()
    groups: dict[Labels, list[float]] = {}
    for labels, value in vector.items():
        groups.setdefault(frozenset(each for each in labels if each[0] in kept), []).append(value)
    aggregate = AGGREGATED[str(expression.op)]
    return {labels: aggregate(values) for labels, values in groups.items()}
