"""What is answered, by example: what a schema does not tell, by the name of a field, of a thing, of a kind of file."""

from collections.abc import Mapping
from typing import Any, Final

from app.http.examples import BODIES, CABLE, CALENDAR, CONTACT, HOURS, IMPORT, ITEM, JOB, TICKET, USER

AT: Final = "2026-11-28T09:00:00Z"
LATER: Final = "2026-11-28T09:00:04Z"
ID: Final = "01980000-0000-7000-8000-0000000000ff"
TOKEN: Final = "what-is-told-once"  # noqa: S105 - an example

ADA: Final = {"id": USER, "username": "ada"}
STALE: Final = {"status": "open", "updatedBefore": "2026-01-01T00:00:00Z"}
COUNTS: Final = {"total": 5000, "succeeded": 4950, "failed": 50, "unprocessed": 0}

# Wherever the name is, unless the thing says otherwise.
FIELDS: Final[Mapping[str, Any]] = {
    "title": "Printer on fire",
    "description": "Third floor.",
    "number": 4711,
    "name": "Printers",
    "tag": "printer",
    "tags": ["printer"],
    "username": "ada",
    "email": "ada@example.com",
    "userId": USER,
    "requesterId": USER,
    "requestedBy": USER,
    "createdBy": USER,
    "assigneeId": USER,
    "actorId": USER,
    "ticketId": TICKET,
    "jobId": JOB,
    "itemId": ITEM,
    "calendarId": CALENDAR,
    "fields": {},
    "type": "general",
    "token": TOKEN,
    "path": f"/reset/{TOKEN}",
    "url": "https://desk.example.com/hook",
    "secret": "whsec_which-is-told-once",
    "expiresAt": "2026-12-05T09:00:00Z",
    "reason": "Spam of last night",
    "active": True,
    "undoable": True,
    "body": "Have you tried **another** outlet?",
    "quantity": 40,
    "onHand": 40,
    **CABLE,
}

_JOB: Final = COUNTS | {
    "id": JOB,
    "type": "bulk-delete",
    "params": {"filter": {"tags": "spam"}, "excluded": 1},
    "status": "completed",
    "progress": 100,
    "processed": 5000,
    "seq": 12,
    "duplicates": 0,
    "priority": "normal",
    "startedAt": AT,
    "finishedAt": LATER,
    "updatedAt": LATER,
    "undoUntil": "2026-12-28T09:00:04Z",
}
_DELIVERY: Final = {"type": "job.completed", "status": "delivered", "attempts": 1, "statusCode": 204, "endedAt": LATER}
_MESSAGE: Final = {
    "type": "ticket.updated",
    "topic": "assigned",
    "channel": "email",
    "user": ADA,
    "address": "ada@example.com",
    "status": "delivered",
    "attempts": 1,
    "statusCode": 202,
    "reason": None,
    "endedAt": LATER,
}
_WEBHOOK: Final = {
    "events": ["job.completed", "job.failed"],
    "description": "",
    "enabled": True,
    "disabledReason": None,
}
_USER: Final = {"id": USER, "role": "agent", "createdAt": AT, "email": "ada@example.com"}

THINGS: Final[Mapping[str, Mapping[str, Any]]] = {
    "Health": {"status": "ok"},
    "Preferences": BODIES["Preferences"],
    "Person": ADA,
    "Actor": ADA,
    "UserResponse": _USER,
    "ListedUser": _USER,
    "CreatedUser": _USER,
    "LoginResponse": {"access_token": TOKEN, "token_type": "bearer", "expires_in": 3600},
    "Pagination": {"page": 1, "limit": 20, "total": 1, "totalPages": 1, "totalIsExact": True},
    "TicketResponse": {"id": TICKET, "status": "open", "priority": "urgent", "dueAt": "2026-11-28T13:00:00Z"},
    "AskedResponse": {"type": "cable", "title": "Cable: 40 of Cat6", "fields": CABLE, "status": "pending_approval"},
    "TicketTypeResponse": {
        "beginsAs": ["open"],
        "description": "What people ask for help with.",
        "schema": {"title": "GeneralFields", "type": "object", "properties": {}},
        "transitions": {"open": ["in_progress", "pending", "resolved", "closed"]},
    },
    "ChangeResponse": {"field": "status", "before": "open", "after": "resolved", "actor": ADA, "reason": None},
    "ContactResponse": {"id": CONTACT, "name": "Ada Lovelace", "organization": "Analytical Engines", "notes": ""},
    "CalendarResponse": {
        "id": CALENDAR,
        "name": "Berlin",
        "timeZone": "Europe/Berlin",
        "hours": HOURS,
        "holidays": ["2026-12-25"],
    },
    "PolicyResponse": {"name": "Urgent ones", "priorities": ["urgent"], "firstAnswerMinutes": 30, "tags": []},
    "ViewResponse": {
        "filter": STALE,
        "columns": ["number", "title", "due"],
        "sort": "-updated",
        "sharedWith": ["agent"],
    },
    "CountResponse": {"count": 12431},
    "TagList": {"of": 1000, "tags": [{"tag": "printer", "count": 17}]},
    "JobResponse": _JOB,
    "JobDetail": _JOB,
    "ItemResponse": {
        "result": "succeeded",
        "code": "deleted",
        "message": "The ticket was deleted.",
        "at": LATER,
        "ticketNumber": 4711,
        "ticketTitle": "Printer on fire",
    },
    "SummaryResponse": COUNTS
    | {
        "status": "completed",
        "codes": [
            {"result": "succeeded", "code": "deleted", "message": "The ticket was deleted.", "count": 4950},
            {
                "result": "failed",
                "code": "already_deleted",
                "message": "The ticket had been deleted before.",
                "count": 50,
            },
        ],
    },
    "PreviewResponse": {
        "total": 5000,
        "byStatus": {"open": 4950, "closed": 50},
        "wouldFail": {"already_deleted": 50},
        "undoDays": 30,
    },
    "JobTypeResponse": {"type": "bulk-delete", "description": "Deletes tickets, softly.", "schema": {"type": "object"}},
    "JobTypeCode": {"result": "succeeded", "code": "deleted", "message": "The ticket was deleted."},
    "EntryResponse": {
        "action": "job.submitted",
        "subjectId": JOB,
        "items": 5000,
        "address": "192.0.2.1",
        "requestId": "0123456789abcdef0123456789abcdef",
        "details": {"type": "bulk-delete"},
    },
    "ImportResponse": {"id": IMPORT, "rows": 200, "valid": 199, "faulty": 1, "duplicates": 0},
    "ColumnResponse": {"name": "priority", "field": "priority"},
    "ProblemResponse": {
        "line": 17,
        "column": "priority",
        "code": "invalid",
        "message": "Must be one of low, normal, high, urgent.",
    },
    "SampleResponse": {"line": 2, "priority": "urgent", "status": "open"},
    "StockResponse": {"id": ITEM, "lowAt": 5},
    "MovementResponse": {"kind": "received", "reason": None, "ticketId": None},
    "PartList": {"parts": ["SFP-10G-SR", "SFP-10G-LR"]},
    "RelatedTickets": {"tickets": []},
    "WebhookResponse": _WEBHOOK,
    "WithSecret": _WEBHOOK,
    "EventType": {
        "name": "job.completed",
        "description": "A bulk job has tried each of its items. One event, however many tickets it changed.",
    },
    "DeliveryResponse": _DELIVERY,
    "DeliveryDetails": _DELIVERY,
    "Content": {"type": "job.completed", "data": {"jobId": JOB, "succeeded": 4950, "failed": 50}},
    "AttemptResponse": {"statusCode": 204, "tookMs": 38},
    "MessageResponse": _MESSAGE,
    "MessageDetails": _MESSAGE,
    "LetterResponse": {"to": "ada@example.com", "subject": "#4711 is yours now", "text": "Printer on fire"},
    "MessageAttempt": {"provider": "resend", "statusCode": 202, "tookMs": 120},
    "Replayed": {"replayed": 12},
    "Stats": {"total": 5000, "breached": 3, "byStatus": {"open": 4950}, "byPriority": {"urgent": 50}},
    "OfAssignee": {"count": 17},
    "OfDay": {"date": "2026-11-28", "created": 40, "solved": 38},
    "Durations": {"count": 38, "medianSeconds": 840.0, "p90Seconds": 5400.0},
    "OfJobs": {"completed": 12, "failed": 0, "canceled": 1, "active": 2, "succeededItems": 94000, "failedItems": 60},
}

FILES: Final[Mapping[str, str]] = {
    "csv": (
        "position,ticketId,ticketNumber,ticketTitle,result,code,message,at\r\n"
        f"0,{TICKET},4711,Printer on fire,succeeded,deleted,The ticket was deleted.,{LATER}\r\n"
    ),
    "x-ndjson": (
        f'{{"position":0,"ticketId":"{TICKET}","ticketNumber":4711,"ticketTitle":"Printer on fire",'
        f'"result":"succeeded","code":"deleted","message":"The ticket was deleted.","at":"{LATER}"}}\n'
    ),
    "plain": '# TYPE bulkhead_jobs gauge\nbulkhead_jobs{type="bulk-delete",status="running"} 2.0\n',
}
