from datetime import timedelta

from case_meters import NOW, answer, heat_meter, heat_meter_points, last_answer, limits

from exotherm.core.samples import Quality, Sample
from exotherm.operate.memory import Before
from exotherm.operate.quality import judge

ABOUT = "A temperature goes further in a minute than anything at this place can."


def findings():
    ago = timedelta(minutes=2)
    name = f"{heat_meter().name}.supply_c"
    good = Sample(
        point=name, source_at=NOW - ago, received_at=NOW - ago, count=-8500, quality=Quality.GOOD
    )
    return judge(
        answer(),
        serial=heat_meter().serial,
        points=heat_meter_points(),
        before=Before(answer=last_answer(ago), good={name: good}),
        limits=limits(),
    ).findings
