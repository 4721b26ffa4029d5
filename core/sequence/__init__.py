"""Recurrent networks: cells, what they remember of a text, how they learn, what can be read in them."""
