"""Several records of one customer made one, and taken apart again exactly as they were.

What a merge does to each table is declared as a Policy beside the domain that owns the table (`policies.py`);
`merge_customers` and `undo_merge` know no table by name. Everything a merge did stands in the journal of its Merge.
"""
