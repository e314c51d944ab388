"""Judgements about rows of records: pure functions on frozen values, no Django, no files."""
