-- Whom each identity names, by the identity's place in the list. A record that a merge took up stands for its
-- survivor. Carried by customers_identity_names_one.
SELECT named.place, coalesce(customer.merged_into_id, customer.id)
FROM unnest(%(kind)s::text[], %(namespace)s::text[], %(value)s::text[])
    WITH ORDINALITY AS named (kind, namespace, value, place)
JOIN customers_identity AS identity
    ON identity.kind = named.kind AND identity.namespace = named.namespace AND identity.value = named.value
JOIN customers_customer AS customer ON customer.id = identity.customer_id
