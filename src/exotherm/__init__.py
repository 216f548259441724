"""exotherm turns the waste heat of a micro data centre into a service that is billed and proved."""

__version__ = "0.1.0"
