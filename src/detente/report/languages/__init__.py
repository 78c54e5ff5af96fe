"""The languages of pages: catalogues of translations, names, and how days, shares and lists are written.

Message ids are the English sentences; docs/languages.md says how a language is added.
"""
