"""A local look-alike of monday.com's GraphQL API, for ordersync's demo and tests."""
