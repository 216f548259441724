"""Bill: from registers and terms to an invoice that explains itself."""
