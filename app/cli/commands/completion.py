from argparse import ArgumentParser, Namespace

from app.cli import completion


def add_arguments(parser: ArgumentParser) -> None:
    parser.description = (
        "Print a script that lets a shell complete these commands. "
        "For bash: ./manage.sh completion bash > ~/.local/share/bash-completion/completions/manage.sh. "
        "For zsh: ./manage.sh completion zsh > ~/.bulkhead.zsh, and in ~/.zshrc: source ~/.bulkhead.zsh."
    )
    parser.add_argument("shell", choices=completion.SHELLS)


def run(options: Namespace) -> int:
    print(completion.script(options.shell), end="")
    return 0
