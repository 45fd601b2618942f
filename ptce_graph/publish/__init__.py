"""What is published of a graph: its release, its description, its site."""
