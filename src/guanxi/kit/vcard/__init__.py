"""Contact cards: vCard 2.1, 3.0 (RFC 2426) and 4.0 (RFC 6350) as phones and mail programs really write them."""

from .card import Address, BadCard, Card, Entry, read_cards

__all__ = ["Address", "BadCard", "Card", "Entry", "read_cards"]
