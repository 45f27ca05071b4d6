"""Uploaded files as streams of rows: CSV and its kin in any encoding, plain or gzipped, and workbooks.

`open_table(path)` finds out what the file is and gives a `Table`; reading it takes memory for one row of a
text file and for one sheet of a workbook. What can't be read, or would swell beyond bounds, is refused with
`BadFile`.
"""

from .table import BadFile, Table, kind_of, open_table

__all__ = ["BadFile", "Table", "kind_of", "open_table"]
