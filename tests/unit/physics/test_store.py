from hypothesis import given, settings
from hypothesis import strategies as st

from exotherm.physics.store import passed_kw, settled_c

temperatures_c = st.floats(1, 95)
heats_kw = st.floats(0, 500)
conductances = st.floats(0, 50)


@settings(max_examples=500, deadline=None)  # the first call compiles
@given(
    start_c=temperatures_c,
    inertia=st.floats(0.01, 1e4),
    loss=st.floats(0, 1),
    source_kw=heats_kw,
    source_c=temperatures_c,
    source_kw_per_k=conductances,
    sink_kw=heats_kw,
    sink_c=temperatures_c,
    sink_kw_per_k=conductances,
)
def test_the_balance_of_the_store_closes_at_the_settled_temperature(
    start_c, inertia, loss, source_kw, source_c, source_kw_per_k, sink_kw, sink_c, sink_kw_per_k
):
    end_c = settled_c(
        start_c, inertia, loss, 20.0, source_kw, source_c, source_kw_per_k, sink_kw, sink_c,
        sink_kw_per_k,
    )  # fmt: skip
    gained = passed_kw(source_c, end_c, source_kw_per_k, source_kw)
    given_away = passed_kw(end_c, sink_c, sink_kw_per_k, sink_kw)
    stored = inertia * (end_c - start_c)
    lost = loss * (end_c - 20.0)
    scale = max(1.0, source_kw, sink_kw, inertia * 100)
    assert abs(gained - given_away - stored - lost) < 1e-9 * scale


@settings(deadline=None)
@given(start_c=temperatures_c, source_c=temperatures_c, sink_c=temperatures_c)
def test_a_store_never_leaves_the_temperatures_around_it(start_c, source_c, sink_c):
    end_c = settled_c(start_c, 2.0, 0.01, 20.0, 50.0, source_c, 3.0, 50.0, sink_c, 3.0)
    around = (start_c, source_c, sink_c, 20.0)
    assert min(around) - 1e-9 <= end_c <= max(around) + 1e-9
