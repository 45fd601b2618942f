"""The gates of the ontology: each test says its figures, which the run prints at its end."""
