"""The KPIs, one module for each KPI or family; to add one, add a module here that defines ``KPIS``.

Nothing else has to be changed: reports, exports and the app's charts use :func:`every_kpi`.
"""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from helpdesk.report.kpi import Kpi


@cache
def every_kpi() -> tuple[Kpi, ...]:
    """Return all KPIs, in the order of a report."""
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    return tuple(
        sorted((kpi for module in modules for kpi in module.KPIS), key=lambda kpi: kpi.place)
    )
