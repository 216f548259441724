"""What a site's meters tell by their device profiles, and what stands against those."""

import difflib
from collections.abc import Iterator

from exotherm.core.documents import Source
from exotherm.core.findings import Finding
from exotherm.core.units import format_quantity
from exotherm.devices.profile import Profile, points_of_profile, profile_names, profile_text
from exotherm.devices.reading import read_device_profile
from exotherm.site.document import Site
from exotherm.site.meters import POINTS_OF_PROFILE, Meter
from exotherm.usecases.device_lines import protocol_of
from exotherm.usecases.files import WorkspaceFiles
from exotherm.usecases.weather import SITE_FILE


def with_profiles(site: Site, files: WorkspaceFiles, *, site_text: str) -> Site:
    """Give the site with its meters knowing what they tell; findings go to those of the files.

    A profile is one of the package by its name, or a file of the workspace that ends in .toml.
    """
    source = Source(file=SITE_FILE, text=site_text)
    meters: list[Meter] = []
    for index, meter in enumerate(site.meters):
        found = _profile(meter, files)
        if found is None:
            files.findings.extend(_unknown(meter, index, source))
            meters.append(meter)
            continue
        profile, name = found
        against = list(_misfits(meter, index, profile, site, source))
        files.findings.extend(against)
        if profile.protocol == protocol_of(meter):
            meter = meter.telling(points_of_profile(profile), profile=name)  # noqa: PLW2901
        meters.append(meter)
    return site.model_copy(update={"meters": tuple(meters)})


def _profile(meter: Meter, files: WorkspaceFiles) -> tuple[Profile, str] | None:
    """Find the profile of a meter and the name by which it is loaded again."""
    if meter.profile in POINTS_OF_PROFILE or protocol_of(meter) is None:
        return None
    if meter.profile in profile_names():
        read = read_device_profile(profile_text(meter.profile), file=f"{meter.profile}.toml")
        assert read.document is not None, read.findings
        return read.document, meter.profile  # type: ignore[return-value]
    if not meter.profile.endswith(".toml"):
        return None
    text = files.text(meter.profile)
    if text is None:
        return None
    read = read_device_profile(text, file=meter.profile)
    files.findings.extend(read.findings)
    if read.document is None:
        return None
    return read.document, str(files.path(meter.profile))  # type: ignore[return-value]


def _unknown(meter: Meter, index: int, source: Source) -> Iterator[Finding]:
    if meter.profile in POINTS_OF_PROFILE:
        return
    known = sorted({*POINTS_OF_PROFILE, *profile_names()})
    near = difflib.get_close_matches(meter.profile, known, n=3)
    meant = f"Did you mean {' or '.join(f'`{name}`' for name in near)}? " if near else ""
    yield source.error(
        "site.profile-unknown",
        "meters",
        index,
        "profile",
        message=f"Meter `{meter.name}` has the profile `{meter.profile}`, which is not known.",
        remedy=f"{meant}`docs/devices.md` lists all {len(known)} profiles, and `exotherm operate "
        "probe` finds which one fits a device; a profile of your own is a file that ends in .toml.",
        profile=meter.profile,
        near=near,
        known=known,
    )


def _misfits(
    meter: Meter, index: int, profile: Profile, site: Site, source: Source
) -> Iterator[Finding]:
    if profile.protocol != protocol_of(meter):
        spoken = protocol_of(meter)
        names = ", ".join(f"`{name}`" for name in profile_names(spoken))
        yield source.error(
            "site.profile-not-spoken",
            "meters",
            index,
            "profile",
            message=f"Meter `{meter.name}` speaks {meter.protocol}, but its profile "
            f"`{meter.profile}` is for {profile.protocol}.",
            remedy=f"Profiles for {meter.protocol}: {names}.",
            protocol=meter.protocol,
            profile=meter.profile,
        )
    if site.metering.interval_min * 60 < profile.interval_s_min:
        bears = format_quantity("interval_s", profile.interval_s_min)
        yield source.warning(
            "site.polled-too-often",
            "meters",
            index,
            "profile",
            message=f"Meter `{meter.name}` is read every "
            f"{format_quantity('interval_min', site.metering.interval_min)}; {profile.title} bears "
            f"it every {bears}.",
            remedy="Raise `interval_min` in `[metering]`.",
            interval_s_min=profile.interval_s_min,
        )
