"""The events that customers record, and what their payloads hold."""

from __future__ import annotations

CUSTOMER_CREATED = "customers.customer_created"  # name, source
CUSTOMER_EDITED = "customers.customer_edited"  # changes: {field: [before, after]}
CUSTOMER_DELETED = "customers.customer_deleted"  # name
IDENTITY_ADDED = "customers.identity_added"  # kind, namespace, value
IDENTITY_REMOVED = "customers.identity_removed"  # kind, namespace, value
TAG_ADDED = "customers.tag_added"  # tag_id, tag, how
TAG_REMOVED = "customers.tag_removed"  # tag_id, tag
STAGE_CHANGED = "customers.stage_changed"  # from_id, from, to_id, to
OWNER_CHANGED = "customers.owner_changed"  # from_id, from, to_id, to, reason
COLLABORATOR_ADDED = "customers.collaborator_added"  # member_id, member
COLLABORATOR_REMOVED = "customers.collaborator_removed"  # member_id, member
NOTE_ADDED = "customers.note_added"  # note_id, text
CALL_LOGGED = "customers.call_logged"  # note_id, text
NOTE_EDITED = "customers.note_edited"  # note_id
NOTE_DELETED = "customers.note_deleted"  # note_id
NOTE_RESTORED = "customers.note_restored"  # note_id
FOLLOW_UP_SET = "customers.follow_up_set"  # follow_up_id, text, due_at, assignee_id, assignee
FOLLOW_UP_DONE = "customers.follow_up_done"  # follow_up_id, text
FOLLOW_UP_REOPENED = "customers.follow_up_reopened"  # follow_up_id, text
FOLLOW_UP_SNOOZED = "customers.follow_up_snoozed"  # follow_up_id, text, from, due_at
FOLLOW_UP_PASSED_ON = "customers.follow_up_passed_on"  # follow_up_id, text, from_id, from, assignee_id, assignee
RELATIONSHIP_ADDED = "customers.relationship_added"  # kind, other_id, other
RELATIONSHIP_REMOVED = "customers.relationship_removed"  # kind, other_id, other
CUSTOMERS_MERGED = "customers.customers_merged"  # merge_id, absorbed: [id]
MERGE_UNDONE = "customers.merge_undone"  # merge_id, restored: [id]
IMPORT_FINISHED = "customers.import_finished"  # import_id, file, created, updated, events, refused
IMPORT_UNDONE = "customers.import_undone"  # import_id, file
EXPORT_MADE = "customers.export_made"  # count, format, filter
WEBSITE_ADDED = "customers.website_added"  # website_id, name
WEBSITE_CHANGED = "customers.website_changed"  # website_id, name, changes: {field: [before, after]}
WEBSITE_ARCHIVED = "customers.website_archived"  # website_id, name
WEBSITE_RETURNED = "customers.website_returned"  # website_id, name

# Told by shops, tills and web pages.
PURCHASE_MADE = "shop.purchase_made"  # amount; product, quantity, order …
REFUND_MADE = "shop.refund_made"  # amount, negative
PAGE_VIEWED = "web.page_viewed"  # url, title
PRODUCT_VIEWED = "web.product_viewed"  # url, product
CART_UPDATED = "web.cart_updated"  # items, total
VISITOR_IDENTIFIED = "web.visitor_identified"

PURCHASES = (PURCHASE_MADE, REFUND_MADE)
