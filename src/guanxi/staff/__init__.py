"""Who works here: people, departments, roles, permissions, data scope, API keys.

Nouns: Member (a person who signs in), Department (a tree), Role (permissions by module, data scope, masking),
ApiKey (a program that signs in, with scopes and an expiry), Invitation.
Verbs: `member.can(module, verb)`, `member.visible_member_ids()`, invite, accept, deactivate, issue and revoke keys.
Events: staff.signed_in, staff.sign_in_failed, staff.role_changed, staff.member_invited, … (events.py).
"""
