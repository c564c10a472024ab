"""What to send, by example: bodies of requests, by the name of what they are read into, or of a kind of file."""

from collections.abc import Mapping
from typing import Any, Final

TICKET: Final = "01980000-0000-7000-8000-000000000001"
OTHER_TICKET: Final = "01980000-0000-7000-8000-000000000002"
USER: Final = "01980000-0000-7000-8000-00000000000a"
CONTACT: Final = "01980000-0000-7000-8000-00000000000c"
IMPORT: Final = "01980000-0000-7000-8000-00000000000d"
ITEM: Final = "01980000-0000-7000-8000-00000000000e"
JOB: Final = "01980000-0000-7000-8000-00000000000f"
CALENDAR: Final = "01980000-0000-7000-8000-0000000000ca"

PASSWORD: Final = "a long sentence of Ada"  # noqa: S105 - an example
HOURS: Final = [{"weekday": day, "opens": "09:00", "closes": "17:00"} for day in range(1, 6)]
CABLE: Final = {"cableType": "Cat6", "cableGauge": "23AWG", "cableLength": "100 ft"}

_ACCOUNTS: Final = {
    "LoginRequest": {"username": "ada", "password": PASSWORD},
    "TokenForm": {"grant_type": "password", "username": "ada", "password": PASSWORD},
    "RegisterRequest": {"username": "ada", "email": "ada@example.com", "password": PASSWORD},
    "ChangePassword": {"currentPassword": PASSWORD, "newPassword": "another long password"},
    "UseResetLink": {"token": "what-the-link-ends-with", "password": PASSWORD},
    "PatchMe": {"phone": "+49 30 1234567"},
    "CreateUser": {"username": "grace", "email": "grace@example.com", "role": "agent", "password": PASSWORD},
    "PatchUser": {"role": "agent", "active": True},
    "Preferences": {"assigned": ["email"], "breached": ["email", "sms"], "created": []},
}

_TICKETS: Final = {
    "CreateTicket": {"title": "Printer on fire", "description": "Third floor.", "priority": "urgent"},
    "ReplaceTicket": {"title": "Printer on fire", "description": "It is out by now.", "status": "resolved"},
    "PatchTicket": {"status": "in_progress", "assigneeId": USER},
    "RejectRequest": {"reason": "There is a spare one in room 12"},
    "CreateComment": {"body": "Have you tried **another** outlet?", "internal": False},
    "PatchComment": {"body": "Have you tried another outlet, too?"},
    "MergeTicket": {"into": OTHER_TICKET},
    "CreateContact": {"name": "Ada Lovelace", "email": "ada@example.com", "organization": "Analytical Engines"},
    "PatchContact": {"phone": "+49 30 1234567"},
    "MergeContact": {"into": CONTACT},
    "CreateView": {
        "name": "Printers",
        "filter": {"text": "printer", "status": ["open", "in_progress"]},
        "columns": ["number", "title", "due"],
        "sort": "-updated",
        "sharedWith": ["agent", "admin"],
    },
    "PatchView": {"name": "Printers and scanners"},
    "CreatePolicy": {
        "name": "Urgent ones",
        "position": 1,
        "priorities": ["urgent"],
        "firstAnswerMinutes": 30,
        "nextAnswerMinutes": 120,
        "solutionMinutes": 480,
        "calendarId": None,
    },
    "PatchPolicy": {"solutionMinutes": 960},
    "CreateCalendar": {"name": "Berlin", "timeZone": "Europe/Berlin", "hours": HOURS, "holidays": ["2026-12-25"]},
    "PatchCalendar": {"holidays": ["2026-12-25", "2026-12-26"]},
}

_STOCK: Final = {
    "ReceiveCable": CABLE | {"quantity": 40},
    "AdjustStock": {"itemId": ITEM, "quantity": -2, "reason": "Two were damaged"},
    "PatchItem": {"lowAt": 5},
    "PutParts": {"parts": ["SFP-10G-SR", "SFP-10G-LR"]},
    "CreateOpticsRequest": {"part": "SFP-10G-SR", "quantity": 2, "location": "Rack 7"},
    "PatchOpticsStatus": {"status": "deny", "reason": "There are two left in rack 3"},
}

_JOBS: Final = {
    "BulkDelete": {
        "type": "bulk-delete",
        "payload": {"filter": {"tags": "spam"}, "excludeIds": [TICKET]},
        "reason": "Spam of last night",
    },
    "BulkRestore": {"type": "bulk-restore", "payload": {"ticketIds": [TICKET, OTHER_TICKET]}},
    "BulkUpdate": {
        "type": "bulk-update",
        "payload": {
            "filter": {"status": ["open", "in_progress"], "updatedBefore": "2026-01-01T00:00:00Z"},
            "status": "closed",
            "addTags": ["stale"],
        },
        "priority": "low",
    },
    "BulkPurge": {"type": "bulk-purge", "payload": {"filter": {"deleted": True}}, "reason": "They asked us to"},
    "BulkDeadlines": {"type": "bulk-deadlines", "payload": {"filter": {"sla": "breached"}}},
    "BulkComment": {
        "type": "bulk-comment",
        "payload": {"filter": {"tags": "outage"}, "body": "It works again.", "internal": False},
    },
    "BulkImport": {"type": "bulk-import", "payload": {"importId": IMPORT}},
}

_WEBHOOKS: Final = {
    "CreateWebhook": {"url": "https://desk.example.com/hook", "events": ["job.completed", "job.failed"]},
    "PatchWebhook": {"enabled": False},
}

_FILES: Final = {
    "csv": "title,priority,tags\nPrinter on fire,urgent,printer\n",
    "x-ndjson": '{"title": "Printer on fire", "priority": "urgent", "tags": ["printer"]}\n',
}

BODIES: Final[Mapping[str, Any]] = _ACCOUNTS | _TICKETS | _STOCK | _JOBS | _WEBHOOKS | _FILES
