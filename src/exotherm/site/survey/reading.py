"""Reading a survey file, and the JSON Schema that an editor needs for it."""

from exotherm.core.documents import Read, read_document
from exotherm.core.schema import write_schema
from exotherm.site.survey.document import SURVEY_FILE, Survey


def read_survey(text: str, *, file: str = SURVEY_FILE) -> Read[Survey]:
    """Read the text of a survey file, or explain each thing that stands against it."""
    return read_document(text, Survey, file=file)


def write_survey_schema() -> str:
    """Write the JSON Schema that an editor needs for ``survey.toml``."""
    return write_schema(Survey, title="exotherm survey")
