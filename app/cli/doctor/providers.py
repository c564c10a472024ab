"""Whether those who take messages to people take our keys; who has none is not asked."""

import asyncio
import itertools

from app.cli.doctor.findings import Finding, Skipped, together
from app.cli.doctor.patient import Patient
from app.notifications import channels, checks
from app.notifications.checks import Answer
from app.notifications.providers import Provider


async def providers(patient: Patient) -> Finding:
    if patient.trouble:
        raise Skipped("the settings are bad")
    named = list(itertools.chain(*channels.providers_of(patient.settings).values()))
    if not named:
        return Finding("ok", "no key is set: messages to people are kept, and read in the outbox")
    answers = await asyncio.gather(*map(checks.ask, named))
    return together([judge(provider, answer) for provider, answer in zip(named, answers, strict=True)])


def judge(provider: Provider, answer: Answer) -> Finding:
    match answer:
        case Answer("ready"):
            return Finding("ok", f"{provider.name} takes {provider.setting}")
        case Answer("refuses", code):
            said = f"{provider.name} refuses {provider.setting} ({code})"
            return Finding("fail", said, f"set a {provider.setting} that is good")
    said = f"{provider.name} cannot be asked ({answer.code or 'no answer'})"
    return Finding("warn", said, "try again; messages are kept meanwhile, and sent later")
