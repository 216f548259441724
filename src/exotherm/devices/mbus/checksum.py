"""The checksum of EN 13757-4, as wireless blocks and compact frames use it. Pure."""

_POLYNOMIAL = 0x3D65


def crc_of(data: bytes) -> int:
    """Give the checksum of bytes: polynomial 3D65, begun with zero, inverted at the end."""
    crc = 0
    for byte in data:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1 ^ _POLYNOMIAL if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc ^ 0xFFFF
