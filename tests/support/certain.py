"""A site's risks where nothing comes otherwise than planned."""

from exotherm.site.risk import Risk

CERTAIN = Risk.model_validate(
    {
        "outdoor": {"warmer_k_p10": 0.0, "warmer_k_p90": 0.0},
        "downtime": {"frac_p10": 0.0, "frac_p90": 0.0},
        "first_heat": {"late_years_p90": 0.0},
        "customer": {"stays_frac_p10": 1.0},
        **{
            name: {"frac_p10": 1.0, "frac_p90": 1.0}
            for name in (
                "utilisation",
                "demand",
                "electricity",
                "fuel",
                "investment",
                "heat_pump",
                "build_out",
            )
        },
    }
)
