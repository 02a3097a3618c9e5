"""Figures about how the desk does: every KPI is defined once, in a module of ``report.kpis``."""
