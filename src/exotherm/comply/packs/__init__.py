"""Rule packs: one TOML file for the Union and one for each country, read by ``comply.rules``."""
