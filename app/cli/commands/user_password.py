from argparse import ArgumentParser, Namespace

from app.accounts.directory import Directory
from app.cli import users
from app.cli.errors import CliError
from app.cli.outcome import Outcome


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("user", metavar="NAME", help="or the e-mail")
    users.add_password_argument(parser)


def run(options: Namespace) -> Outcome:
    users.require_database()
    password = users.new_password(is_random=options.random)

    async def work(directory: Directory) -> users.Data:
        user = await users.find(directory, options.user)
        if not user.active:
            raise CliError(f"{user.username} is disabled: ./manage.sh user enable {user.username} comes first")
        return {"user": users.as_json(await directory.set_password(users.CALLER, user.id, password))}

    data = users.carry_out(["password", options.user], work, password=password)
    said = f"{data['user']['username']} has another password; all their sessions have ended."
    if not options.random:
        return Outcome(data, said)
    return Outcome(data | {"password": password}, f"{said}\nThe password is {password}   (shown this once)")
