"""Three other decoders on the same real telegrams: where we differ from one, a clause decides."""

import mbus_peers
import pytest
from mbus_peers import LEFT_OUT, NAMES, PEERS, disagreements, our_readings, readings


def test_every_disagreement_is_decided_by_a_clause_of_the_standard() -> None:
    undecided = [each for each in disagreements() if not each.clause]
    assert [] == undecided


@pytest.mark.parametrize("peer", PEERS)
def test_a_peer_agrees_on_nearly_all_values(peer: str) -> None:
    """Or the comparison would compare nothing."""
    real = [each for each in disagreements() if each.peer == peer and each.telegram in NAMES]
    missing = sum(each.theirs == LEFT_OUT for each in real)
    compared = sum(len(our_readings(name)) for name in NAMES) - missing
    assert compared > 700
    assert len(real) - missing < compared // 8


@pytest.mark.parametrize("peer", PEERS)
def test_no_peer_finds_a_record_that_we_miss(peer: str) -> None:
    more = [name for name in NAMES if len(readings(name, peer)) > len(our_readings(name))]
    # It takes half of a long number for a record of its own.
    assert more == (["example_binary16_lvar"] if peer == "pyMeterBus" else [])


def test_a_difference_that_no_clause_decides_is_not_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(mbus_peers, "_DECIDING", ())
    assert any(not each.clause for each in disagreements())
