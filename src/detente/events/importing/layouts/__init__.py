"""Layouts of event data, one file each: columns, ids, days, actors, acts and a sample; adding a file adds a layout."""
