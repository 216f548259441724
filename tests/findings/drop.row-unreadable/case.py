from exotherm.devices.drop.rows import read_rows
from exotherm.devices.reading import load_device_profile

ABOUT = (
    "A row of a dropped file has a decimal point where decimal commas were agreed: it could be a "
    "thousand times as much, so it is left out and the others are kept."
)

FILE = """\
Zeit;Zählernummer;Wärmemenge kWh;Volumen m³
01.11.2026 00:00;61440112;123199;13189,45
01.11.2026 00:15;61440112;123203;13.190
"""


def findings():
    profile = load_device_profile("csv-heat-meter")
    return read_rows(FILE.encode(), profile, file="2026-11.csv").findings
