"""Every proof that the files may give, by the name that the list of due diligence calls it."""

from collections.abc import Mapping

from exotherm.comply.papers import ProofOf
from exotherm.comply.prove_contract import CONTRACT_PROOFS
from exotherm.comply.prove_duties import DUTY_PROOFS
from exotherm.comply.prove_plant import PLANT_PROOFS

PROOFS: Mapping[str, ProofOf] = {**PLANT_PROOFS, **CONTRACT_PROOFS, **DUTY_PROOFS}
