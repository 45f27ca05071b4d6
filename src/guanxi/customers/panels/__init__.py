"""The parts of the 360° page that are about the customer: the timeline, and panels that load each on their own."""
