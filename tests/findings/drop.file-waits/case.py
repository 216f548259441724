from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from exotherm.devices.drop.files import DropFolder

ABOUT = (
    "A file lies in a folder of dropped readings whose last line does not end: it was cut off "
    "on its way, or saved in an encoding that is no text here, and nobody would hear of it."
)

CUT_OFF = """\
Zeit;Zählernummer;Wärmemenge kWh;Volumen m³
01.11.2026 00:00;61440112;123199;13189,45
01.11.2026 00:15;6144"""


def findings():
    with TemporaryDirectory() as made:
        folder = Path(made) / "readings"
        folder.mkdir()
        (folder / "2026-11.csv").write_text(CUT_OFF, encoding="utf-8")
        drop, later = DropFolder(folder, "*.csv"), datetime.now(UTC) + timedelta(hours=1)
        drop.take(later)
        return tuple(drop.waiting(later))
