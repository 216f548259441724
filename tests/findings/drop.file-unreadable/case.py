from exotherm.devices.drop.rows import read_rows
from exotherm.devices.reading import load_device_profile

ABOUT = (
    "A file tells two different registers of the same moment, so nobody knows which is right; none "
    "of its rows is kept and it is put aside."
)

FILE = """\
Zeit;Zählernummer;Wärmemenge kWh;Volumen m³
01.11.2026 00:00;61440112;123199;13189,45
01.11.2026 00:15;61440112;123203;13189,90
01.11.2026 00:15;61440112;123403;13189,90
"""


def findings():
    profile = load_device_profile("csv-heat-meter")
    return read_rows(FILE.encode(), profile, file="2026-11.csv").findings
