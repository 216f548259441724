"""The web door: pages of a workspace for the browsers of this machine, each with a JSON twin."""
