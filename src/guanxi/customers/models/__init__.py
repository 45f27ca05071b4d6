"""The nouns of customers."""

from guanxi.customers.models.customer import Customer
from guanxi.customers.models.duplicate_pair import DuplicatePair
from guanxi.customers.models.field import Field
from guanxi.customers.models.follow_up import FollowUp
from guanxi.customers.models.identity import Identity
from guanxi.customers.models.imports import Import, ImportedCustomer, ImportRefusal
from guanxi.customers.models.merge import Merge
from guanxi.customers.models.note import Attachment, Note, NoteMention
from guanxi.customers.models.ownership import Collaborator, OwnershipChange
from guanxi.customers.models.relationship import Relationship, RelationshipKind
from guanxi.customers.models.saved_view import DefaultView, SavedView
from guanxi.customers.models.search_term import SearchTerm
from guanxi.customers.models.source import Source
from guanxi.customers.models.stage import Stage
from guanxi.customers.models.tag import CustomerTag, Tag, TagGroup
from guanxi.customers.models.tally import Tally
from guanxi.customers.models.website import Website

__all__ = [
    "Attachment",
    "Collaborator",
    "Customer",
    "CustomerTag",
    "DefaultView",
    "DuplicatePair",
    "Field",
    "FollowUp",
    "Identity",
    "Import",
    "ImportRefusal",
    "ImportedCustomer",
    "Merge",
    "Note",
    "NoteMention",
    "OwnershipChange",
    "Relationship",
    "RelationshipKind",
    "SavedView",
    "SearchTerm",
    "Source",
    "Stage",
    "Tag",
    "TagGroup",
    "Tally",
    "Website",
]
