"""M-Bus (EN 13757): link layer, strict decoder, master over TCP and serial, meters for the twin."""
