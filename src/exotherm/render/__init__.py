"""Render: documents as bytes that others open: e-invoice, page of paper."""
