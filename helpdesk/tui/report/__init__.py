"""KPIs in the app: figures, charts, and the tickets behind them."""
