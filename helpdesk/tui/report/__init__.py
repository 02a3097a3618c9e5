"""The report screen: KPIs, charts, and the tickets behind a figure."""
