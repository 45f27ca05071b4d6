"""The verbs of customers that span nouns or reach outside, one a file."""
