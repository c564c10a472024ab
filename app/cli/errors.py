class CliError(Exception):
    """A command cannot do what it was asked; the message is for the person at the terminal."""
