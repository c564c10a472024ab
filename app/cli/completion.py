"""The commands as a shell completes them: a script with one table in it, made of the catalog and of its parsers."""

import re
from typing import Final

from app.cli import catalog
from app.cli.catalog import Entry

SHELLS: Final = ("bash", "zsh")

# zsh has an emulation of what bash calls completion, and in it the very function does.
BEFORE: Final = {"bash": "", "zsh": "autoload -Uz compinit bashcompinit && compinit && bashcompinit\n"}
SCRIPT: Final = """\
# Completes the commands of {program}; printed by: {program} completion {shell}
{before}_bulkhead() {{
    local words typed="${{COMP_WORDS[*]:1:$((COMP_CWORD - 1))}}"
    case "$typed" in
{cases}
    esac
    COMPREPLY=($(compgen -W "$words" -- "${{COMP_WORDS[COMP_CWORD]}}"))
}}
complete -o default -F _bulkhead {name}
"""


def script(shell: str) -> str:
    names = sorted(filter(None, catalog.BY_NAME), key=lambda name: -name.count(" "))  # two words before their first
    first = " ".join(dict.fromkeys(name.split()[0] for name in catalog.BY_NAME if name))
    groups = {name.split()[0] for name in names if " " in name}.difference(names)
    cases = [_case(f'"{name}" | "{name} "*', _words(name)) for name in names]
    cases += [_case(f'"{group}"', _seconds(group)) for group in sorted(groups)]
    return SCRIPT.format(
        program=catalog.PROGRAM,
        name=catalog.PROGRAM.removeprefix("./"),
        shell=shell,
        before=BEFORE[shell],
        cases="\n".join([_case('"" | "help"', f"{first} help"), *cases]),
    )


def _case(typed: str, words: str) -> str:
    return f'    {typed}) words="{words}" ;;'


def _words(name: str) -> str:
    return " ".join(filter(None, [_seconds(name), _arguments(catalog.BY_NAME[name])]))


def _seconds(group: str) -> str:
    return " ".join(entry.name.removeprefix(f"{group} ") for entry in catalog.group_of(group))


def _arguments(entry: Entry) -> str:
    """Return the flags and the choices of a command; only the flag that all have where its packages are missing."""
    try:
        usage = catalog.parser(entry).format_usage()
    except ImportError:
        return "--help"
    choices = [word for some in re.findall(r"\{(.+?)\}", usage) for word in some.split(",")]
    return " ".join([*choices, *re.findall(r"--[a-z-]+", usage), "--help"])
