"""Feature learning: from photographs to patches, from patches to filters."""
