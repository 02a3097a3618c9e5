"""Public holidays by country and region, from the ``holidays`` package."""

from collections.abc import Iterable
from datetime import date

from helpdesk.domain.errors import RefusedError


def public_holidays(country: str, region: str, years: Iterable[int]) -> dict[date, str]:
    """Return the public holidays of a country by date, and of a region if one is given.

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
    found = holidays.country_holidays(country, subdiv=region or None, years=years)
    return dict(found)
