"""What an error may advise: a template of plain English for each code.

Hints name fields, never flags: the command line adds the flag of a field that is an option.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_CHOICES = {
    "nearest": "Did you mean {nearest}?",
    "nearest_or_list": "Did you mean {nearest}? If not, list it as an actor.",
    "nearest_or_known": "Did you mean {nearest}? Known, among others: {known}.",
    "known": "Known: {known}.",
    "known_first": "Known, among others: {known}.",
    "none_known": "None is known here.",
    "most_seen": "Most often seen: {known}.",
    "try": "Try {example}.",
    "try_or_known": "Try {example}. Known: {known}.",
    "foreign_action": "In this codebook it is {nearest:or}.",
}

_REQUIRED = {
    "add_it": "Add it.",
    "give_or_declare": "Give {field}, or declare it in the argument's {block}: block.",
    "declare_it": "Write it in the argument; there is no default.",
    "give_case": "Give a case that load_case has loaded, the name of a rivalry, or the path of an argument.",
    "give_argument": "Give an argument that load_argument has loaded, its name, or the path of its file.",
    "give_principals": "Give principals such as USA,IRN, or declare principals: [USA, IRN] in the argument.",
    "give_rivalry_or_events": "Try us-iran, or give events and an argument.",
    "give_rivalry_or_argument": "Try us-iran, or the argument panama-canal.",
    "give_codebook": "Give codebook as one of {choices}.",
    "give_event_file": "Give an event file.",
    "name_events": "Write events: FILE into the argument, relative to it and inside its folder, or give events.",
    "give_two_and_events": "Give two actors and events, or an argument's file and with.",
    "template_and_events": "Give a template and events alone: the template names the actors.",
    "give_lever": "Give a lever such as relief=0.33@30, or a plan of the argument.",
    "give_pause_or_act": "Give a pause or an act.",
    "own_events": "To use your own events give events and an argument; `detente new` writes a first argument.",
}

_ARGUMENTS = {
    "part_channels": "Remove one, or give them actions, modes or members that differ.",
    "indent_fields": "Indent them below it, one step deeper.",
    "add_spaces": "Put spaces or line breaks between its parts.",
    "write_list": "Write [a, b], or a line with a dash for each.",
    "write_plain": "Write the plain value.",
    "use_spaces": "Indent with spaces; a tab cannot indent.",
    "quote_colon": "Put a text that holds a colon in quotes, and indent the fields of one block alike.",
    "close_brackets": "Close every bracket, and put a text that holds a colon or a comma in quotes.",
    "indent_alike": "Indent the fields of one block alike: look at this line and the ones above.",
    "check_path": "Check the path and the file.",
    "bargain_template": "Write bargain: with issues, sides and war_chance; `detente new FILE` with the block bargain "
    "prints a template to fill in (docs/how-to-bargain.md).",
    "bargain_template_here": "Write bargain: with issues, sides and war_chance; a draft from your own events offers a "
    "template to fill in.",
    "door_example": "Write locker: ACTOR and door: {{mediator: ..., gestures: {{A: step=1, B: step=1}}, "
    "lapses_after_days: 180, thesis: [...], gate: ..., because: ...}}; `detente new FILE` with the block door "
    "prints a template (docs/levers.md).",
    "door_example_here": "Write locker: ACTOR and door: {{mediator: ..., gestures: {{A: step=1, B: step=1}}, "
    "lapses_after_days: 180, thesis: [...], gate: ..., because: ...}}; a draft from your own events offers a template "
    "to fill in.",
    "no_joint_codes": "Take the blocks door and locker out, or use events in codes of Détente or PLOVER, in which a "
    "meeting is two rows, one each way, or one row of class joint.",
    "standoff_or_payoffs": "Write bargain: with standoff: {{challenger: A, target: B, war_a: ..., ...}}; "
    "`detente new FILE` with the block bargain prints a template. Or give every payoff.",
    "standoff_or_payoffs_here": "Write bargain: with standoff: {{challenger: A, target: B, war_a: ..., ...}}; a draft "
    "from your own events offers a template to fill in. Or give every payoff.",
    "payoff_or_standoff": "Give {example}=VALUE, or an argument whose bargain: block has standoff:.",
    "claims_example": "Write claims: with rows such as {{id: C1, kind: mechanism, text: ..., terms: [reprisal.force], "
    "sign: '+'}}; `detente new FILE` with the block claims prints a template (docs/claims.md).",
    "claims_example_here": "Write claims: with rows such as {{id: C1, kind: mechanism, text: ..., terms: "
    "[reprisal.force], sign: '+'}}; a draft from your own events offers a template to fill in.",
    "worded_forecast": "Give a claim {{kind: forecast, question: ID, words: ..., read_as: mauboussin likely}}; "
    "`detente new FILE` with the block claims prints a template.",
    "worded_forecast_here": "Give a claim {{kind: forecast, question: ID, words: ..., read_as: mauboussin likely}}; a "
    "draft from your own events offers a template to fill in.",
    "ask_questions": "Write questions in the argument, or name an argument that asks some.",
    "give_weight": "Give one issue a weight.",
    "inputs_from": "Give a later day, or an earlier fit_from in the argument's run: block.",
    "earlier_range_or_later_day": "Give a range that held before, or a later as_of.",
    "declare_third_party": "Declare a party without a side and a channel of its good offices.",
    "principals_in_argument": "Ask it through an argument that names its principals.",
    "more_pairs": "Take more pairs, or a file with more acts.",
    "write_prior": "`detente world` writes one.",
    "write_prior_known": "Known by name: {known}. `detente world` writes others.",
    "write_prior_of_clock": "`detente world` writes one, with fast = {half_life}.",
    "later_day_or_earlier_prior": "Take a later as_of, or a world prior of earlier data.",
    "map_weis": "Its codes of states are its own (AUS is Austria, AUL Australia): give a map.",
    "map_to_code": "Give it a code with a map for `detente import`.",
    "map_to_code_here": "Choose an actor with a code; on the command line `detente import` takes a map of names to "
    "codes.",
    "own_intensity": "Acts of cameo and weis get their intensity from the code.",
    "trustworthy_payoffs": "A trustworthy state has reward > temptation and punishment > sucker.",
    "payoff_scale": "Payoffs are in standard deviations of what is private; -5 to 5 is usual.",
    "target_would_concede": "A target that would rather concede has no reason to resist.",
}

_DAYS = {
    "end_is_outside": "The end is the first day outside.",
    "chronicle_covers": "The chronicle covers {window}.",
    "events_begin": "The events begin on {start}.",
    "move_closes": "Move closes, or as_of.",
    "more_days": "Give more days.",
    "move_or_more_days": "Move it, or give more days.",
    "later_question_or_fewer_days": "Ask a question that closes later, or give fewer days.",
    "add_or_declare": "Nothing is known of the days between, so they are not quiet: give an earlier day, lay newer "
    "events over with add, or say with add_until how far a file covers.",
    "later_as_of": "Try a later as_of.",
    "later_as_of_or_longer": "Try a later as_of, or a chronicle that starts earlier.",
    "first_new_act": "The first new act is known from {first}: try that day or a later one as as_of.",
    "two_days_or_add": "Give two days, or add a file that says something new.",
    "swap": "Swap them.",
    "nine_months": "It takes about nine months of events for one quarter to be left.",
    "longer_file": "Take a longer file, a shorter horizon or another train_share.",
    "longer_window": "Declare a longer window, or remove the row.",
    "no_dateless": "Leave out events without a date.",
    "vague_day": "Write the first day, with precision month or year.",
    "later_day_or_remove": "Give a later day, or remove the row.",
    "earlier_day": "Give an earlier day.",
    "check_years": "Check the years, or raise the limit window.",
}

_FITS = {
    "wide_prior": "Look for a channel without acts and with a very wide prior, or for two terms that say the same.",
    "few_acts": "Look for a class with hardly any acts, or take more days.",
    "saturate_or_shorten": "Saturate the memories, shorten half-lives or shrink the priors of the terms that feed "
    "themselves.",
    "saturate_or_narrow": "Let the memories that feed this channel saturate, or narrow the prior of its feedback.",
    "saturate_or_fewer_days": "Let the memories that feed these channels saturate, or narrow the prior of their "
    "feedback. If this many events are intended, simulate fewer days.",
    "narrow_or_allow": "Narrow the priors of the terms that feed themselves, take more days to fit on, or set "
    "allow_unstable to see what it does all the same.",
    "more_data": "Take a later as_of, an earlier fit_from, or events that cover more.",
    "fewer_futures": "Ask for fewer futures or days.",
    "fewer_draws": "Ask for at most {fewer:,} draws, or raise the limit memory.",
    "fewer_or_more_memory": "Ask for at most {fewer:,} futures, for fewer days, or raise the limit memory.",
}

_FILES = {
    "other_folder": "Try another folder.",
    "writable_folder": "Name a folder you may write to.",
    "free_space": "Free some space, or name another folder.",
    "other_cache": "Name a folder that you may write to, with space left.",
    "check_disk": "Check the disk and the permissions.",
    "new_folder": "Name a new folder.",
    "other_file": "Name another file.",
    "force_or_other_file": "Name another file, or give force to replace this one.",
    "copy_inside": "Copy it into that folder, or give events.",
    "name_file": "Name a file, such as report.html.",
    "give_file": "Give the path of a file.",
    "give_table_file": "Give the path of a CSV or Parquet file.",
    "save_as_csv": "Save it as CSV with commas.",
    "save_as_utf8": "Save it as UTF-8.",
    "save_or_remove_byte": "Save it as UTF-8, or remove the byte.",
    "name_it_gz": "It is packed: name it .csv.gz.",
    "is_it_packed": "Is it packed?",
    "is_it_text": "Is it text?",
    "unpack": "Unpack it, or pack it again with gzip.",
    "write_again": "Write it again, or give a CSV file.",
    "get_again": "Get it again.",
    "get_again_damaged": "Get it again: it is cut off, damaged or locked. Nothing was written.",
    "split_by_year": "Split it by year.",
    "split_or_raise": "Split it by year, or raise the limit {limit}.",
    "raise_limit": "If this is meant, raise the limit {limit}.",
    "same_content": "Another has the same content.",
    "one_by_one": "Import them one by one.",
    "install_cluster": 'Install it with pip install "detente[cluster]", or use processes:N.',
    "start_cluster": "Start a scheduler and workers there (docs/cluster.md), or use local:N.",
    "same_version": "Install it there (docs/cluster.md).",
    "fewer_workers": "Nothing was written. It may have run out of memory: try fewer workers.",
    "install_tables": 'Install it with pip install "detente[tables]", or use to_polars().',
}

_EVIDENCE = {
    "data_folder": "Give data as the folder that holds the files named in docs/evidence.md.",
    "evidence_file": "It is the file of [{key}] in docs/bibliography.md, with the columns {columns}; docs/evidence.md "
    "says where to get it.",
    "restore_protocol": "Restore the file that came with the program.",
    "two_states": "Try IND,PAK.",
    "needs_data_files": "Give data, a folder with the files named in docs/evidence.md.",
}

_WEB = {
    "install_mcp": 'Install it with pip install "detente[mcp]".',
    "install_web": 'Install it with pip install "detente[web]".',
    "other_port": "Give another port, or end what uses it.",
    "make_password": "Make one with make_password_file and give it here. For yourself alone you need none: leave host "
    "out, and forward the port with ssh -L 8000:127.0.0.1:8000 MACHINE.",
    "chmod_600": "Run chmod 600 {file}.",
    "open_form_again": "Open the form again and send it from there; cookies of this server must be allowed.",
    "log_in": "Log in at /login.",
    "wait_and_try": "Wait {seconds} s, and try again.",
    "wait_or_cancel": "Wait until one has ended, or cancel it.",
    "fewer_in_all": "Ask for fewer futures or days; the command line and Python take more.",
    "only_library": "An argument may name only what comes with the program: {known}.",
    "only_upload": "Leave it out: the events come from the upload.",
    "remove_uploads": "Remove an upload.",
    "smaller_or_command_line": "Pack it with gzip, send fewer days, or use the command line.",
    "choose_format": "Choose the format in the form.",
    "give_name": "Give the name or address that browsers will call it by, as name.",
    "on_command_line": "The command line and Python take more.",
    "ask_again": "Ask again in some seconds.",
}

_PULLS = {
    "install_pull": 'Install it with pip install "detente[pull]".',
    "chmod": "Run chmod 600 {file}.",
    "give_secrets": "Set it in the environment, or write it into a file with mode 600 and give secrets. {how}.",
    "likely": "Likely cause: {cause}.",
    "see_page": "It may have changed or moved: see {page}.",
    "what_came_is_kept": "What came is kept: run it again, and it goes on from there.",
    "pull_again": "It was not kept. Run it again; if it stays so, the publisher has changed it: see {page}.",
    "wait_for_pull": "Another pull is fetching it: wait until that ends, or name another folder.",
    "force_or_other_folder": "Name another folder, or give force to replace it.",
    "give_days": "Give from and to, the first and the last day wanted.",
    "source_takes": "It takes {names:and}.",
}

_TABLES = {
    "begin_with_header": "Begin it with date,source,target,action.",
    "add_row": "Add a row below the header.",
    "rename_column": "Rename {nearest}.",
    "rename_or_remove": "Rename or remove one.",
    "rename_it": "Rename the column.",
    "name_or_remove": "Name or remove it.",
    "remove_one": "Remove one.",
    "remove_row": "Remove the row.",
    "remove_them": "Remove them.",
    "fill_or_remove": "Fill it in, or remove the row.",
    "name_actor_or_remove": "Name the actor, or remove the row.",
    "least_columns": "A file needs date, source, target and one of action, cameo, code.",
    "add_act_column": "Add action (PLOVER's types), cameo, or code and give its codebook.",
    "actor_columns": "A list of actors has code, name, type, patron.",
    "map_columns": "A map has the columns from and to.",
    "looks_like": "It looks like {format}.",
    "no_pairs": "It looks like {kin}, whose rows do not say who acted on whom. Import {instead:or}.",
    "name_columns": "Import it with columns {columns}.",
    "known_formats": "They are {choices:or} (docs/import.md).",
    "import_one_of": "It looks like {formats:or}: give the format to `detente import`.",
    "reported_column": "`detente import` keeps the day of the report where a format has one.",
    "import_csv": "`detente import csv` reads it.",
    "write_actor": "Write who it is, or remove the row; `detente import csv` leaves it out and counts it.",
    "import_it": "`detente import {format}` reads it.",
    "import_zeros_lost": "If a table of numbers has taken them away, import it with leading_zeros lost, which reads "
    "{got} as {example}.",
    "dates_order": "If days are written in another order, give dates as dmy, mdy or ymd.",
    "import_dates": "If days are written in another order, import it with dates as dmy, mdy or ymd.",
    "zeros_lost": "If a table of numbers took them away, give leading_zeros as lost: 40 is then 040, and 10 is 010.",
    "save_workbook": "Save its sheet as CSV.",
    "quote_fields": 'Put fields with commas, quotes or line breaks in "double quotes", and double the quotes in them.',
    "quote_commas": "Put fields that hold commas in double quotes.",
    "codes_are_strings": "Codes are strings: a number has lost its leading zeros.",
    "cast_day": "Cast it to Date, or write YYYY-MM-DD.",
    "cast_whole": "Cast it to Int64.",
    "cast_number": "Cast it to Float64.",
    "cast_flag": "Cast it to Boolean.",
    "chronicle_of_fills": "Chronicle.of fills and orders them.",
    "chronicle_of_sorts": "Chronicle.of sorts them.",
}

_EVENTS = {
    "leave_codebook_or_rename": "Leave codebook out, or rename the column.",
    "leave_column_out": "Or leave the column out.",
    "leave_action_out": "Try {example}, or leave the column action out.",
    "leave_one_empty": "Leave one of them empty.",
    "leave_empty_unknown": "Leave it empty where the number is unknown.",
    "leave_empty_codebook": "Leave it empty to take the codebook's.",
    "format_has_codebook": "{format} has its own, {codebook}.",
    "file_in_codebook": "The chronicle has {classes}: write the file in codebook {codebook}.",
    "both_directions": "Write both directions.",
    "not_a_rivalry": "Acts within one actor are not part of a rivalry: remove the row.",
    "list_actor": "List it as an actor.",
    "write_code": "Write a code such as {example}, or remove the row.",
    "list_patron": "List the patron as an actor too.",
    "look_at_dates": "Look at the dates with `detente events`.",
    "look_at_dates_here": "Give a day after the first events of the file, or none.",
    "event_file_first": "Try detente backtest EVENTS.csv.",
    "leave_out": "Leave it out.",
    "leave_out_or_events": "Leave it out, or give the file as events.",
    "diff_example": "Try detente diff us-iran 2020-01-02 2020-01-17, or give add and as_of.",
    "compare_example": "Try detente compare us-iran essay maximum-pressure.",
}

_QUESTIONS = {
    "question_example": 'Try "talks within 12m".',
    "question_reads_like": "A question reads like IRN->USA force within 90d; docs/questions.md has the grammar.",
    "no_window": "It has no window. A question reads like IRN->USA force within 90d; docs/questions.md has the "
    "grammar.",
    "question_file_example": "A CSV file begins with id,line,text and has rows such as q1,talks within 12m,Talks; a "
    "YAML file lists entries such as {{id: q1, line: talks within 12m}}.",
    "kinds_of_acts": "Roles are {known}; docs/questions.md has the grammar, and docs/reference.md the actions.",
    "talks_as_acts": "Talks between two sides are acts too: when A<->B talks within 12m.",
    "shorter_question": "Ask parts of it one by one, or raise the limit {limit}.",
    "see_grammar": "docs/questions.md has the grammar.",
}

HINTS: Mapping[str, str] = MappingProxyType(
    {
        **_CHOICES,
        **_REQUIRED,
        **_ARGUMENTS,
        **_DAYS,
        **_FITS,
        **_FILES,
        **_EVIDENCE,
        **_PULLS,
        **_WEB,
        **_TABLES,
        **_EVENTS,
        **_QUESTIONS,
    }
)
"""Every hint by its code."""

FOR_VISITORS: Mapping[str, str] = MappingProxyType(
    {name.removesuffix("_here"): name for name in HINTS if name.endswith("_here")}
)
"""What a page of a server says instead of a hint that names a command, by that hint's code."""
