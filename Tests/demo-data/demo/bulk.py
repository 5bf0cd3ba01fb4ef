"""Rows in any number, quickly: for the demo's other customers and to measure speed."""

from dataclasses import replace

from . import catalogue

#: Rows made in full for a customer; further ones are copies under other keys, which is five times as fast.
MADE_IN_FULL = 200
#: A dropdown takes 500 labels, and STYLE is one: all bulk rows together stay well below it.
STYLES = 400
LINES_AN_ORDER = 3


def rows(maker, count, sizes=None, customers=None, twins=0.0):
    """Yields `count` rows. Business keys are unique but for the share `twins`, which repeat the row before.

    `sizes` sets the number of sizes of every order; `customers` the number of customers.
    """
    names = _customers(customers)
    chance = maker.rng.random
    models = {}
    line = 0
    last = None
    for _ in range(count):
        if last is not None and chance() < twins:
            arguments = last
        else:
            order, position = divmod(line, LINES_AN_ORDER)
            line += 1
            customer = names[order % len(names)]
            style = f"{customer.style}{1000 + (order * 7 + position) % (STYLES // len(catalogue.CUSTOMERS))}"
            colour = catalogue.COLOURS[(order + position) % len(catalogue.COLOURS)]
            aag, season = customer.seasons[order % len(customer.seasons)]
            arguments = (customer, f"{customer.prefix}-{20000 + order:05}", style, colour, f"{7000 + order // 20}", aag, season)
            last = arguments
        made = models.setdefault(arguments[0].name, [])
        if len(made) < MADE_IN_FULL:
            made.append(maker.make(*arguments, maker.sizes(_count(chance) if sizes is None else sizes)))
            yield made[-1]
        else:
            yield maker.again(made[int(chance() * MADE_IN_FULL)], *arguments[1:])


def _count(chance):
    """Sizes of an order: two in five have none, the others four to nine."""
    return 0 if chance() < 0.4 else 4 + int(chance() * 6)


def _customers(count):
    known = catalogue.CUSTOMERS[1:]
    if count is None:
        return known
    more = [
        replace(known[n % len(known)], name=f"CUSTOMER {n:05}", prefix=f"C{n:05}") for n in range(len(known), count)
    ]
    return [*known, *more][:count]
