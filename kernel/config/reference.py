"""Writes docs/reference/options.md from the option table: ``python -m kernel.config.reference``."""

from __future__ import annotations

from pathlib import Path

from kernel.config.option import Option, Options, built_in_options
from kernel.config.table import TABLES
from kernel.config.value import TYPES, write_value

#: The generated page.
PAGE_PATH = Path(__file__).parent.parent.parent / "docs" / "reference" / "options.md"

_HEAD = """# Options

<!-- Written by `python -m kernel.config.reference` from resources/options.toml; changes here are lost. -->

An option is set in `config.toml` (`espalier config path` says where it is), by an environment variable, or with
`--set NAME=VALUE` on the command line; the later of these wins. `espalier config` lists every option with its value and
where that comes from. A wrong entry is told with its line and column, and the last good value stays in force.

```toml
[ui]
theme = "dark"

[servers]
home = "beast:5060"
```
"""


def page(options: Options) -> str:
    """The whole reference page."""
    parts = [_HEAD]
    group = ""
    for option in options.values():
        if option.name.split(".")[0] != group:
            group = option.name.split(".")[0]
            parts.append(f"## {group}\n")
        parts.append(_section(option))
    parts.append("## Tables\n")
    for name, table in TABLES.items():
        parts.append(f"### [{name}]\n\n{table.doc}\n\n```toml\n[{name}]\n{table.example}\n```\n")
    parts.append("## Types\n")
    parts.append("\n".join(f"- **{name}**: {row.doc}" for name, row in TYPES.items()) + "\n")
    return "\n".join(parts)


def _section(option: Option) -> str:
    facts = [f"Type: {option.type}"]
    if option.choices:
        facts.append("one of " + ", ".join(f"`{choice}`" for choice in option.choices))
    if option.minimum is not None:
        facts.append(f"at least {_bound(option, option.minimum)}")
    if option.maximum is not None:
        facts.append(f"at most {_bound(option, option.maximum)}")
    default = write_value(option, option.default)
    facts.append(f"default `{default}`" if default else "default empty")
    if option.is_restart:
        facts.append("a new value counts after a restart")
    return f"### {option.name}\n\n{option.doc}\n\n{'; '.join(facts)}. Variable `{option.variable}`.\n"


def _bound(option: Option, bound: float) -> str:
    return write_value(option, bound)


def main() -> None:
    """Write the page."""
    PAGE_PATH.parent.mkdir(parents=True, exist_ok=True)
    PAGE_PATH.write_text(page(built_in_options()), encoding="utf-8")
    print(PAGE_PATH)


if __name__ == "__main__":
    main()
