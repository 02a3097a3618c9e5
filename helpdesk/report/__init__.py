"""Reports: the KPIs, each defined once in a module of ``report.kpis``, and their documents."""
