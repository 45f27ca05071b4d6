"""What merging, erasing and exporting do to the tables of customers and to the event log."""

from __future__ import annotations

from guanxi.core.models import Event
from guanxi.customers.merging.network_rules import FollowAsRelationships, SettlePairs
from guanxi.customers.merging.policies import Erasure, Export, Policy, register
from guanxi.customers.merging.profile_rules import (
    AddUp,
    FollowAsCollaborators,
    FollowAsIdentities,
    FollowAsTags,
    Reindex,
)
from guanxi.customers.merging.rules import Follow, Keep
from guanxi.customers.models import (
    Collaborator,
    Customer,
    CustomerTag,
    DuplicatePair,
    FollowUp,
    Identity,
    ImportedCustomer,
    Merge,
    Note,
    OwnershipChange,
    Relationship,
    SearchTerm,
    Tally,
)

DELETE, BLANK, KEEP = Erasure.DELETE, Erasure.BLANK, Erasure.KEEP
INCLUDE, LEAVE_OUT = Export.INCLUDE, Export.LEAVE_OUT

register(
    Policy(Identity, ("customer",), FollowAsIdentities(), DELETE, INCLUDE),
    Policy(CustomerTag, ("customer",), FollowAsTags(), DELETE, INCLUDE, key="tag_id"),
    Policy(Collaborator, ("customer",), FollowAsCollaborators(), DELETE, LEAVE_OUT),
    Policy(OwnershipChange, ("customer",), Follow(), DELETE, LEAVE_OUT),
    Policy(Note, ("customer",), Follow(), DELETE, INCLUDE),
    Policy(FollowUp, ("customer",), Follow(), DELETE, INCLUDE),
    Policy(Relationship, ("customer", "other"), FollowAsRelationships(), DELETE, INCLUDE),
    Policy(DuplicatePair, ("customer", "other"), SettlePairs(), DELETE, LEAVE_OUT),
    Policy(
        Event, ("customer_id",), Follow(), BLANK, INCLUDE,
        why="Erased, an event keeps its time and amount for the books; who and payload go.",
    ),
    Policy(Tally, ("customer",), AddUp(), DELETE, LEAVE_OUT),
    Policy(
        ImportedCustomer, ("customer",), Keep(), DELETE, LEAVE_OUT,
        why="It says which record an import made; as the survivor's, undoing the import would delete the survivor.",
    ),
    Policy(
        Merge, ("survivor",), Keep(), DELETE, LEAVE_OUT,
        why="A merge into a record that is merged itself is undone after that one.",
    ),
    Policy(
        Customer, ("merged_into",), Keep(), KEEP, LEAVE_OUT,
        why="What was merged into an absorbed record is found through it: see merging.standing.",
    ),
    # Last, when names and e-mails stand where they belong.
    Policy(SearchTerm, ("customer",), Reindex(), DELETE, LEAVE_OUT, key="term"),
)  # fmt: skip
