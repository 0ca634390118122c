"""Reads reports with the libraries that others read them with, and prints what it read as JSON.

Usage: reports.py xsd SCHEMA FILE | schema SCHEMA FILE | junit FILE | tap FILE | html FILE
"""

import html.parser
import json
import sys


def xsd(schema, file):
    import xmlschema

    return [f"{error.path}: {error.reason}" for error in xmlschema.XMLSchema(schema).iter_errors(file)]


def schema(schema, file):
    import jsonschema

    with open(schema, encoding="utf-8") as stream:
        rules = json.load(stream)
    validator = jsonschema.validators.validator_for(rules)(rules, format_checker=jsonschema.FormatChecker())
    errors = []
    with open(file, encoding="utf-8") as stream:
        documents = [json.loads(line) for line in stream]
    for document in documents:
        errors += [f"{error.json_path}: {error.message}" for error in validator.iter_errors(document)]
    return errors


def junit(file):
    import junitparser

    suites = []
    for suite in junitparser.JUnitXml.fromfile(file):
        cases = [[case.name, [type(result).__name__ for result in case.result]] for case in suite]
        suites.append(
            {
                "name": suite.name,
                "counts": [suite.tests, suite.failures, suite.errors, suite.skipped],
                "cases": cases,
                "types": [result.type for case in suite for result in case.result],
            }
        )
    return suites


def tap(file):
    from tap.parser import Parser

    points = []
    for line in Parser().parse_file(file):
        if line.category == "test":
            block = line.yaml_block or {}
            points.append(
                {
                    "ok": line.ok,
                    "skip": line.skip,
                    "todo": line.todo,
                    "description": line.description,
                    "outcome": block.get("outcome"),
                    "line": (block.get("at") or {}).get("line"),
                }
            )
    return points


class Page(html.parser.HTMLParser):
    """Elements that are open, attributes that load or run something, and the text of the page."""

    void = {"meta", "br", "hr", "img", "link", "input"}
    # Their end tags may be left out.
    optional = {"th", "td", "tr", "li", "dt", "dd", "p"}

    def __init__(self):
        super().__init__()
        self.open, self.defects, self.tags, self.policy = [], [], set(), None

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        named = dict(attributes)
        for name, value in attributes:
            if name.startswith("on") or name in ("src", "srcset", "action", "data", "style", "xlink:href"):
                self.defects.append(f"{tag} {name}={value}")
            if name == "href" and not value.startswith("#"):
                self.defects.append(f"{tag} leads to {value}")
        if named.get("http-equiv") == "Content-Security-Policy":
            self.policy = named["content"]
        if tag not in self.void:
            self.open.append(tag)

    def handle_endtag(self, tag):
        while self.open and self.open[-1] != tag and self.open[-1] in self.optional:
            self.open.pop()
        if not self.open or self.open.pop() != tag:
            self.defects.append(f"a stray end of {tag}")

    def unknown_decl(self, data):
        self.defects.append(f"declaration {data}")

    def handle_comment(self, data):
        self.defects.append(f"comment {data}")


def html_page(file):
    page = Page()
    with open(file, encoding="utf-8") as stream:
        page.feed(stream.read())
    page.close()
    return {"defects": page.defects, "open": page.open, "tags": sorted(page.tags), "policy": page.policy}


commands = {"xsd": xsd, "schema": schema, "junit": junit, "tap": tap, "html": html_page}
json.dump(commands[sys.argv[1]](*sys.argv[2:]), sys.stdout)
