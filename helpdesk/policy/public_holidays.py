"""Public holidays by country and region, from the ``holidays`` package."""

import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from helpdesk.domain.errors import RefusedError


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """The public holidays of a country.

    :ivar names: what each is called, by its date.
    :ivar warnings: what the package said about them, a sentence each.
    """

    names: Mapping[date, str]
    warnings: tuple[str, ...] = ()


def public_holidays(country: str, region: str, years: Iterable[int]) -> PublicHolidays:
    """Return the public holidays of a country, and of a region if one is given.

    :param country: an ISO 3166 country code such as ``DE``.
    :param region: the code of a subdivision such as ``BY``, or "".
    :raises RefusedError: if the country or region is unknown.
    """
    import holidays  # imported here because the import takes 0.1 s

    known = holidays.list_supported_countries()
    if country not in known:
        raise RefusedError(f"no holidays are known for {country!r:.40}: use a code like DE or US.")
    if region and region not in known[country]:
        regions = ", ".join(sorted(known[country])[:20])
        raise RefusedError(
            f"{country} has no region {region!r:.40} with holidays of its own: "
            + (f"use one of {regions}." if regions else "leave the region out.")
        )
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        found = dict(holidays.country_holidays(country, subdiv=region or None, years=years))
    return PublicHolidays(found, tuple(dict.fromkeys(str(one.message) for one in said)))
