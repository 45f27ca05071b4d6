-- A key that may be used now, by the hash of its token, with all that decides what it may do.
-- Carried by the unique index on staff_apikey.token_hash.
SELECT key.id, key.name, key.scopes, key.expires_at,
       member.id, role.permissions, role.is_administrator, role.masks_contacts
FROM staff_apikey AS key
JOIN staff_member AS member ON member.id = key.member_id AND member.is_active
JOIN staff_role AS role ON role.id = member.role_id
WHERE key.token_hash = %s
  AND key.revoked_at IS NULL
  AND (key.expires_at IS NULL OR key.expires_at > now())
