"""Taking files in: customers and transactions from CSV, XLSX, vCard and plain text, whatever they look like.

A file becomes rows (reading.py), its columns find their targets (guessing.py, targets.py, plan.py), each cell is
cleaned by its column (cleaning.py) and each row assembled (rows.py). Batches of rows land in one transaction
together with the import's own counters (landing.py), so that a killed import goes on where it stood; what did not
land is kept row by row with the reason; what did can be taken back (undoing.py).
"""
