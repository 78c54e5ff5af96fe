"""One file a page: what it shows and in which order.

Each fills a template of `report/templates`.
"""
