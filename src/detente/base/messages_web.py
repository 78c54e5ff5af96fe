"""The rules of the web interface that an error may name; see `detente.base.messages`."""

from __future__ import annotations

WEB = {
    "no_such_address": "is not on this server",
    "queue_full": "must not be more than {most} at a time",
    "jobs_of_one": "must not be more than {most} of one visitor at a time",
    "requests_of_one": "must not be more than {most} a second of one visitor",
    "tries_of_one": "must not be more than {most} in five minutes",
    "other_origin": "must be a page of this server: other sites may only link to its pages",
    "body_not_taken": "must be empty: this address takes no body",
    "body_unmeasured": "must be sent with its length",
    "body_too_long": "must have at most {most:,} bytes",
    "too_costly": "must be at most {most:,} simulated days in all",
    "token": "must be the one in this visitor's form",
    "password_wrong": "is wrong",
    "password_needed": "is required: this server asks visitors to log in",
    "password_short": "must have at least {low} characters",
    "password_twice": "must be typed the same both times",
    "password_file": "must be a file made with make_password_file",
    "open_to_others": "must be readable by its owner alone",
    "names_a_file": "must not name a file here",
    "form_unreadable": "cannot be read as a form",
    "no_file": "must hold at least one file that is not empty",
    "workspace_full": "must leave a visitor's files at {most:,} bytes or less in all",
    "workspaces_full": "must leave the files of all visitors at {most:,} bytes or less",
    "of_a_case_here": "is already the name of a case of this server",
    "not_started": "must be started first",
    "job_gone": "has ended or never began",
    "several_formats": "must be chosen, since the files look like {formats:or}",
    "host_unnamed": "needs a name that browsers can use",
}
