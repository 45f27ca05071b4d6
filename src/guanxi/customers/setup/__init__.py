"""What a company sets up for its customers: tags, own fields, stages, sources, kinds of relationships."""
