"""Results as files: pictures, a page, and the numbers behind them."""

from __future__ import annotations

from detente.report.write import write_run

__all__ = ["write_run"]
