"""The plain words that open every evidence pack."""

from exotherm.core.period import Period, write_instant


def readme(*, site_name: str, period: Period, vkey: str) -> str:
    """Write the README of a pack: what it is, how to check it, what the proof does not show."""
    return _README.format(
        site=site_name, start=write_instant(period.start), end=write_instant(period.end), vkey=vkey
    )


_README = """\
Evidence of delivered heat
==========================

Site    {site}
Period  {start} up to {end}

This folder holds the meter readings of the period, the factors and rules applied to them, the
figures that follow, and the invoice. With it you can check every figure yourself, without the
operator and without the program that made it.

How to check it
---------------
You need Python 3.10 or later, nothing else. The folder may be zipped or not:

    python3 -S -I verify.py PACK --key VKEY

PACK is the .zip, or the folder. VKEY is the operator's public key, from your contract or invoice;
do not take it from this pack. The pack says it was signed with

    {vkey}

Whoever forges a pack can also forge the verify.py in it. So use a copy you had before, or read
it: it is one file. It ends with 0 if everything holds, 1 with the named cause if
anything does not, 2 if it was called wrongly.

What is in it
-------------
claim.json            the figures: energy, emissions, their uncertainty, and the claim in words
inputs.json           what the figures rest on besides readings: points, registers, factors, rules
meters.json           the meters: serial number, class, place
invoice.json          the invoice of the period
gaps.csv              hours without a good reading, by point, with the reason as far as known
readings/*.csv        every reading, one line each: version, point, number, time (UTC seconds),
                      count of the last digit, unit, decimals, quality
log/leaves.csv        one line for each block of readings (a point and an hour): its salt, its hash
log/checkpoint        the signature over the root of those hashes and over the manifest
manifest-sha256.txt   the SHA-256 of every file but itself and the checkpoint
verify.py             the program that checks all this

What it shows, and what it does not
-----------------------------------
AUTHENTIC    the holder of the key signed this pack
UNCHANGED    nothing in it was changed, added or taken away since it was signed
COMPLETE     the readings are numbered without a gap and every hour without one is listed
RECOMPUTED   every figure of claim and invoice follows from readings and inputs to the last digit
PLAUSIBLE    the figures do not contradict the conservation of energy

"Unchanged since it was signed" is not "true". Nothing here shows that a meter measured rightly,
that it hung where meters.json says, or that the factors suit your purpose: read inputs.json,
compare the serial numbers with the meters, and the readings with your own.
"""
