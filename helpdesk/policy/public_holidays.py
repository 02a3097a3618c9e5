"""Public holidays by country and region, as the ``holidays`` package knows them."""

from collections.abc import Iterable
from datetime import date

from helpdesk.domain.errors import RefusedError


def public_holidays(country: str, region: str, years: Iterable[int]) -> frozenset[date]:
    """Return the public holidays of a country, with those of a region if one is named.

    :param country: an ISO 3166 code, ``DE``.
    :param region: the code of a subdivision, ``BY``, or "".
    :raises RefusedError: if the country or region is unknown.
    """
    import holidays  # it takes a tenth of a second to import: only who asks for it pays

    known = holidays.list_supported_countries()
    if country not in known:
        raise RefusedError(f"no holidays are known of {country!r:.40}: use a code like DE or US.")
    if region and region not in known[country]:
        some = ", ".join(sorted(known[country])[:20])
        raise RefusedError(
            f"{country} has no region {region!r:.40} with holidays of its own: "
            + (f"use one of {some}." if some else "leave the region out.")
        )
    found = holidays.country_holidays(country, subdiv=region or None, years=years)
    return frozenset(found)
