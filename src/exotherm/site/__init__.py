"""The site document: building, micro data centre, the plant between them, and its meters."""
