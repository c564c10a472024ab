"""Phone numbers, kept as E.164 writes them: a plus, the country's code, the number."""

import phonenumbers

WANTED = "Write a phone number as it is dialled from abroad, with its country's code, such as +49 30 1234567"


def parsed(text: str) -> str:
    """Return a phone number in E.164.

    Raises:
        ValueError: it is none that can be dialled from everywhere; the message says what to write.
    """
    try:
        number = phonenumbers.parse(text, None)
    except phonenumbers.NumberParseException as error:
        raise ValueError(WANTED) from error
    if not text.lstrip().startswith("+") or number.extension or not phonenumbers.is_valid_number(number):
        raise ValueError(WANTED)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
