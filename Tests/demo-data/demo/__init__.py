"""Rows for ORDERS_UNIFIED, for the demo and the tests: seeded, so that the same words give the same rows."""
