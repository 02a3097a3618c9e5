"""Small hand-made export files, each in the format of the program that it imitates."""

import json
from pathlib import Path
from typing import Any

SERVICENOW = """\
number,incident_state,reassignment_count,reopen_count,made_sla,caller_id,opened_at,sys_updated_at,\
contact_type,category,subcategory,u_symptom,impact,urgency,assignment_group,assigned_to,resolved_at,\
closed_at
INC1,New,0,0,true,Caller 7,01-03-2016 09:00,01-03-2016 09:00,Phone,Mail,\
Client,Hangs,2 - Medium,2 - Medium,Group 1,?,01-03-2016 15:00,08-03-2016 15:00
INC1,Active,2,0,true,Caller 7,01-03-2016 09:00,01-03-2016 10:00,Phone,Mail,\
Client,Hangs,2 - Medium,2 - Medium,Group 2,ann,01-03-2016 15:00,08-03-2016 15:00
INC1,Awaiting User Info,2,0,true,Caller 7,01-03-2016 09:00,01-03-2016 11:00,Phone,Mail,\
Client,Hangs,2 - Medium,2 - Medium,Group 2,ann,01-03-2016 15:00,08-03-2016 15:00
INC1,Resolved,2,0,true,Caller 7,01-03-2016 09:00,01-03-2016 14:00,Phone,Mail,\
Client,Hangs,2 - Medium,2 - Medium,Group 2,ann,01-03-2016 15:00,08-03-2016 15:00
INC1,Closed,2,0,true,Caller 7,01-03-2016 09:00,08-03-2016 15:00,Phone,Mail,\
Client,Hangs,2 - Medium,2 - Medium,Group 2,ann,01-03-2016 15:00,08-03-2016 15:00
INC2,Resolved,0,0,false,Caller 8,02-03-2016 09:00,02-03-2016 10:00,Email,Net,?,?,1 - High,1 - High,\
Group 1,?,05-03-2016 12:00,?
INC2,Active,0,0,false,Caller 8,02-03-2016 09:00,02-03-2016 11:00,Email,Net,?,?,1 - High,1 - High,\
Group 1,?,05-03-2016 12:00,?
INC2,Resolved,0,0,false,Caller 8,02-03-2016 09:00,03-03-2016 09:00,Email,Net,?,?,1 - High,1 - High,\
Group 1,?,05-03-2016 12:00,?
INC2,Active,1,1,false,Caller 8,02-03-2016 09:00,04-03-2016 09:00,Email,Net,?,?,1 - High,1 - High,\
Group 3,?,05-03-2016 12:00,?
INC2,Closed,1,1,false,Caller 8,02-03-2016 09:00,05-03-2016 12:00,Email,Net,?,?,1 - High,1 - High,\
Group 3,?,05-03-2016 12:00,05-03-2016 12:00
"""

LEVELS = """\
SR Number,Change Date+Time,Status,Sub Status,Involved ST,SR Latest Impact,Product,Country,\
Owner First Name
1-1,2010-03-31T15:59:42+01:00,Queued,Awaiting Assignment,V30,Medium,PROD1,fr,Frederic
1-1,2010-03-31T16:10:00+01:00,Accepted,In Progress,V31,Medium,PROD1,fr,Frederic
1-1,2010-04-01T09:00:00+01:00,Accepted,In Progress,V5 3rd,Medium,PROD1,fr,Anne
1-1,2010-04-01T10:00:00+01:00,Accepted,Wait - User,V5 3rd,Medium,PROD1,fr,Anne
1-1,2010-04-02T10:00:00+01:00,Accepted,In Progress,V5 3rd,Medium,PROD1,fr,Anne
1-1,2010-04-02T11:00:00+01:00,Completed,Resolved,V5 3rd,Medium,PROD1,fr,Anne
1-1,2010-04-03T11:00:00+01:00,Queued,Awaiting Assignment,V30,Medium,PROD1,fr,Anne
1-1,2010-04-04T11:00:00+01:00,Completed,Closed,V30,Medium,PROD1,fr,Eric
1-2,2010-04-05T09:00:00+01:00,Accepted,In Progress,V5 3rd,High,PROD2,se,Anne
1-2,2010-04-05T10:00:00+01:00,Accepted,Wait - Vendor,V5 3rd,High,PROD2,se,Anne
"""

ZAMMAD: list[dict[str, Any]] = [
    {
        "id": 3, "number": "22003", "title": "Printer prints blank pages", "state": "closed",
        "priority": "2 normal", "group": "Users", "create_article_type": "email",
        "organization": "Contoso", "customer": "m.ortiz@contoso.example", "owner": "ann",
        "note": None, "created_at": "2021-11-03T11:51:13.759Z",
        "updated_at": "2021-11-04T12:00:00.000Z", "close_at": "2021-11-04T12:00:00.000Z",
        "first_response_at": "2021-11-03T12:10:00.000Z",
        "first_response_diff_in_min": 41, "close_diff_in_min": -12,
        "articles": [
            {"from": "m.ortiz@contoso.example", "body": "It prints<br>nothing &amp; hums",
             "internal": False, "created_at": "2021-11-03T11:51:13.759Z"},
            {"from": "ann", "body": "<p>New toner.</p>", "internal": False,
             "created_at": "2021-11-03T12:10:00.000Z"},
            {"from": "ann", "body": "third time", "internal": True,
             "created_at": "2021-11-03T12:11:00.000Z"},
        ],
    },
    {
        "number": "22004", "title": "VPN", "state": "pending reminder", "priority": "3 high",
        "group": "Users", "create_article_type": "phone", "organization": "",
        "customer": "x@fab.example", "owner": "nobody", "created_at": "2021-11-05T08:00:00.000Z",
        "updated_at": "2021-11-05T09:00:00.000Z", "close_at": None, "first_response_at": None,
    },
]  # fmt: skip

ZENDESK = [
    {
        "id": 35436, "subject": "Help, it crashes", "description": "as soon as I print",
        "status": "solved", "priority": "urgent", "type": "incident", "via": {"channel": "email"},
        "requester": {"name": "Mara Ortiz", "email": "m.ortiz@contoso.example"},
        "requester_id": 1,
        "assignee": {"name": "Ann", "email": "ann"}, "group": {"name": "Support"},
        "organization": {"name": "Contoso"}, "created_at": "2024-07-20T22:55:29Z",
        "updated_at": "2024-07-22T10:38:52Z",
        "metric_set": {"reopens": 1, "solved_at": "2024-07-22T10:38:52Z",
                       "reply_time_in_minutes": {"calendar": 545, "business": 0}},
        "satisfaction_rating": {"score": "good"},
        "comments": [
            {"author_id": 1, "body": "as soon as I print", "public": True,
             "created_at": "2024-07-20T22:55:29Z"},
            {"author_id": "ann", "body": "update the driver", "public": True,
             "created_at": "2024-07-21T08:00:00Z"},
        ],
    },
    {
        "id": 35437, "subject": "New scanner", "status": "hold", "priority": None, "type": "task",
        "via": {"channel": "web"}, "requester": {"email": "x@fab.example"}, "requester_id": 2,
        "created_at": "2024-07-23T08:00:00Z", "updated_at": "2024-07-23T09:00:00Z",
        "metric_set": {"reopens": 0, "solved_at": None,
                       "reply_time_in_minutes": {"calendar": None, "business": None}},
    },
]  # fmt: skip

FRESHDESK = """\
Ticket ID,Subject,Status,Priority,Source,Type,Agent,Group,Created time,Last update time,\
Initial response time,Resolved time,Closed time,Resolution status,First response status,\
Survey results,Full name,Email,Company Name
11,Cannot log in,Closed,High,Phone,Incident,ann,Service,2024-03-01 10:00:00,2024-03-02 10:00:00,\
2024-03-01 10:20:00,2024-03-01 12:00:00,2024-03-02 10:00:00,SLA Violated,Within SLA,Happy,\
Mara Ortiz,\
m.ortiz@contoso.example,Contoso
12,New laptop,Open,Low,Portal,Question,No Agent,,2024-03-03 10:00:00,2024-03-03 10:00:00,,,,,,,\
J. Weber,j.weber@fab.example,
"""

OSTICKET = """\
Ticket Number,Date Created,Subject,From,From Email,Priority,Department,Help Topic,Source,\
Current Status,Last Updated,Closed Date,Overdue,Agent Assigned,Reopen Count
482913,2023-05-02 09:00:00,Mailbox is full,Mara Ortiz,m.ortiz@contoso.example,Normal,Support,mail,\
Email,Closed,2023-05-02 11:00:00,2023-05-02 11:00:00,0,ann,2
482914,2023-05-03 09:00:00,Screen flickers,J. Weber,j.weber@fab.example,High,Support,desktop,Web,\
Open,2023-05-03 09:00:00,,1,,0
"""

JIRA = """\
Summary,Issue key,Issue id,Issue Type,Status,Priority,Assignee,Reporter,Created,Updated,Resolved,\
Description,Comment,Comment
Export fails,ITSM-12,10012,[System] Incident,Resolved,Highest,ann,Sam Lee,12/Mar/24 9:41 AM,\
14/Mar/24 10:00 AM,14/Mar/24 10:00 AM,"It says ""no"".",12/Mar/24 10:00 AM;ann;which browser?,\
13/Mar/24 8:00 AM;Sam Lee;Firefox
New badge,ITSM-13,10013,Service Request,Waiting for support,Low,,Sam Lee,13/Mar/24 8:00 AM,\
13/Mar/24 8:00 AM,,,,
"""

REQUEST_TRACKER = (
    "id\tSubject\tStatus\tQueueName\tOwnerName\tPriority\tRequestors\tCreated\tTold\tLastUpdated"
    "\tResolved\n"
    "7\tDisk full\tresolved\tgeneral\tann\t80\tm.ortiz@contoso.example\t2022-01-03 09:00:00\t"
    "2022-01-03 09:30:00\t2022-01-03 12:00:00\t2022-01-03 12:00:00\n"
    "8\tNew key\tstalled\tgeneral\tNobody\t\tj.weber@fab.example\t2022-01-04 09:00:00\tNot set\t"
    "2022-01-04 10:00:00\tNot set\n"
)


def write_samples(folder: Path) -> dict[str, Path]:
    """Write a sample file for each shipped mapping; return the files by the mapping's name."""
    texts = {
        "servicenow-log": SERVICENOW,
        "level-log": LEVELS,
        "zammad": json.dumps(ZAMMAD, indent=1),
        "zendesk": "\n".join(json.dumps(ticket) for ticket in ZENDESK),
        "freshdesk": FRESHDESK,
        "osticket": OSTICKET,
        "jira-service-management": "\ufeff" + JIRA,
        "request-tracker": REQUEST_TRACKER,
    }
    files = {}
    for name, text in texts.items():
        files[name] = folder / f"{name}.txt"
        files[name].write_text(text, encoding="utf-8")
    return files
