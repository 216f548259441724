"""How far a figure in a table may be trusted."""

from typing import Literal

Confidence = Literal["reported", "computed", "expert value, verify"]
"""read in a published source, computed from one, or neither yet"""
