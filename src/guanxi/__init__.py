"""Guanxi (关系): a Social CRM that one company runs for itself."""
