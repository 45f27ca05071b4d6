"""The customers' list: filters, sorts, pages, columns, saved views, work on many at once, export."""
