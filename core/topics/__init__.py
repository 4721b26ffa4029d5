"""Topic models: documents as mixtures of topics, topics as distributions over words."""
