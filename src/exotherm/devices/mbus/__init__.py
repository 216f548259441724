"""M-Bus (EN 13757): link layer, strict decoder, master over TCP, and a heat meter for the twin."""
