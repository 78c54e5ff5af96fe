"""The rules of the web interface that an error may name; see `detente.base.messages`."""

from __future__ import annotations

WEB = {
    "no_such_address": "must be one of this server",
    "queue_full": "must not be more than {most} at a time",
    "jobs_of_one": "must not be more than {most} of one visitor at a time",
    "requests_of_one": "must not be more than {most} a second of one visitor",
    "tries_of_one": "must not be more than {most} in five minutes",
    "other_origin": "must be of this server: other sites may link to a page, and nothing else",
    "body_not_taken": "must be empty: this address takes none",
    "body_unmeasured": "must be sent with its length",
    "body_too_long": "must have at most {most:,} bytes",
    "too_costly": "must be at most {most:,} simulated days in all",
    "token": "must be that of this visitor's form",
    "password_wrong": "is not the password",
    "password_needed": "must be given first",
    "password_short": "must have at least {low} characters",
    "password_twice": "must be the same twice",
    "password_file": "must be a file that make_password_file wrote",
    "open_to_others": "must be readable by its owner alone",
    "names_a_file": "must not name a file here",
    "form_unreadable": "must be a form that can be read",
    "no_file": "must have a file",
    "workspace_full": "must be at most {most:,} bytes for one visitor",
    "workspaces_full": "must be at most {most:,} bytes for all visitors",
    "of_a_case_here": "must not be the name of a case of this server",
    "not_started": "must be started first",
    "job_gone": "must be under way",
    "several_formats": "must be chosen: the files look like {formats:or}",
    "host_unnamed": "must be named",
}
