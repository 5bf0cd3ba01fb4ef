"""One row: an order line with all its columns filled the way the source fills them."""

import datetime
import uuid

from . import catalogue

FIRST_DAY = datetime.date(2025, 3, 3)
DAYS = [(FIRST_DAY + datetime.timedelta(days=n)).isoformat() for n in range(700)]


class OrderMaker:
    """Makes rows as lists in column order. Texts are unclean on purpose: prices with `$`, rates as `TRUE` or `12%`."""

    def __init__(self, layout, rng):
        self.layout = layout
        self.rng = rng
        self._at = layout.index
        self._blank = [None] * len(layout.names)
        self._size_positions = [self._at[size] for size in layout.sizes]

    def make(self, customer, number, style, colour, po, aag_season, customer_season, sizes, order_type="ACTIVE", **values):
        """`sizes`: label → quantity. `values` overrides columns, by name, with spaces and all."""
        rng, at = self.rng, self._at
        pick, chance = self._pick, rng.random
        row = self._blank.copy()
        if chance() < 0.3:
            # Some loads write 0 where others leave null.
            for position in self._size_positions:
                row[position] = 0
        for size, quantity in sizes.items():
            row[at[size]] = quantity
        total = sum(quantity for quantity in sizes.values() if quantity > 0)
        received = int(chance() * 120)
        factory = received + 90 + int(chance() * 90)
        fob = 6 + chance() * 40
        duty_rate = 0.16 if chance() < 0.5 else 0.282
        filled = {
            "AAG ORDER NUMBER": number,
            "CUSTOMER NAME": customer.name,
            "ORDER DATE PO RECEIVED": DAYS[received],
            "CUSTOMER ALT PO": f"{po}-A" if chance() < 0.2 else None,
            "AAG SEASON": aag_season,
            "CUSTOMER SEASON": customer_season,
            "DROP": f"DROP0{1 + int(chance() * 3)}" if chance() < 0.5 else None,
            "MONTH": "JUNE",
            "RANGE / COLLECTION": pick(catalogue.RANGES) if chance() < 0.6 else None,
            "CATEGORY": pick(catalogue.CATEGORIES) if chance() < 0.9 else None,
            "PATTERN ID": f"PT-{int(chance() * 900) + 100}" if chance() < 0.7 else None,
            "MAKE OR BUY": "M",
            "ORIGINAL ALIAS/RELATED ITEM": style,
            "ALIAS/RELATED ITEM": f"{style}-R" if chance() < 0.3 else None,
            "CUSTOMER STYLE": style,
            "ACTIVE": "ACTIVE",
            "PO NUMBER": po,
            "AAG SEASON CODE": aag_season,
            "STYLE DESCRIPTION": pick(catalogue.DESCRIPTIONS),
            "CUSTOMER COLOUR DESCRIPTION": colour,
            "UNIT OF MEASURE": "PCE" if chance() < 0.9 else "SET",
            "INFOR COLOUR CODE": str(100 + int(chance() * 800)),
            "TOTAL QTY": total,
            "ORDER TYPE": order_type,
            "DESTINATION": customer.destination,
            "DESTINATION WAREHOUSE": customer.warehouse,
            "ETA CUSTOMER WAREHOUSE DATE": DAYS[factory + 35] if chance() < 0.8 else None,
            "EX FACTORY DATE": DAYS[factory],
            "DELIVERY TERMS": customer.terms,
            "PLANNED DELIVERY METHOD": pick(catalogue.METHODS),
            "NOTES": pick(catalogue.NOTES) if chance() < 0.7 else None,
            "VALIDATION": f"{po}{style}{colour}{total}",
            "CUSTOMER PRICE": self._price(fob * 1.3),
            "USA ONLY LSTP 75% EX WORKS": self._price(fob * 0.75) if chance() < 0.4 else "0",
            "EX WORKS (USD)": self._price(fob * 0.95) if chance() < 0.6 else "",
            "ADMINISTRATION FEE": "0.25" if chance() < 0.2 else None,
            "DESIGN FEE": "1.5" if chance() < 0.1 else None,
            "FX CHARGE": "2%" if chance() < 0.2 else None,
            "HANDLING": "0.35" if chance() < 0.3 else None,
            "SURCHARGE FEE": "$0.80" if chance() < 0.1 else None,
            "DISCOUNT": "-0.50" if chance() < 0.1 else None,
            "FINAL FOB (USD)": f"{fob:.2f}",
            "HS CODE": pick(catalogue.HS_CODES) if chance() < 0.8 else None,
            "US DUTY RATE": f"{duty_rate:.1%}" if chance() < 0.5 else f"{duty_rate:g}",
            "US DUTY": f"{fob * duty_rate:.2f}",
            "FREIGHT": f"{0.5 + chance():.2f}" if chance() < 0.6 else None,
            "US TARIFF RATE": "TRUE" if chance() < 0.3 else "10%",
            "US TARIFF": f"{fob * 0.1:.2f}",
            "DDP US (USD)": f"{fob * 1.5:.2f}" if customer.terms == "DDP" else None,
            "SMS PRICE USD": "0",
            "FINAL PRICES Y/N": "Y" if chance() < 0.6 else "N",
            "NOTES FOR PRICE": pick(catalogue.PRICE_NOTES) if chance() < 0.2 else None,
            "record_uuid": self.uuid(),
        }
        for name, value in filled.items():
            row[at[name]] = value
        for name, value in values.items():
            row[at[name]] = value
        return row

    def again(self, row, number, style, colour, po, aag_season, customer_season):
        """A copy of a row of the same customer under other keys and a new uuid."""
        at, copy = self._at, row.copy()
        copy[at["AAG ORDER NUMBER"]] = number
        copy[at["CUSTOMER STYLE"]] = copy[at["ORIGINAL ALIAS/RELATED ITEM"]] = style
        copy[at["CUSTOMER COLOUR DESCRIPTION"]] = colour
        copy[at["PO NUMBER"]] = po
        copy[at["AAG SEASON"]] = copy[at["AAG SEASON CODE"]] = aag_season
        copy[at["CUSTOMER SEASON"]] = customer_season
        copy[at["VALIDATION"]] = f"{po}{style}{colour}{copy[at['TOTAL QTY']]}"
        copy[at["record_uuid"]] = self.uuid()
        return copy

    def bare(self, **values):
        """A row of nothing but these columns and a uuid."""
        row = self._blank.copy()
        for name, value in {"record_uuid": self.uuid(), **values}.items():
            row[self._at[name]] = value
        return row

    def uuid(self):
        """As SQL Server writes it."""
        return str(uuid.UUID(int=self.rng.getrandbits(128), version=4)).upper()

    def sizes(self, count, run=None):
        """`count` neighbouring sizes with quantities; a run that is too short is filled up from the others."""
        run = self._pick(catalogue.SIZE_RUNS) if run is None else run
        labels = list(run[:count])
        for other in catalogue.SIZE_RUNS:
            if len(labels) >= count:
                break
            labels += [size for size in other if size not in labels][: count - len(labels)]
        return {size: 4 + int(self.rng.random() * 180) for size in labels}

    def _pick(self, values):
        return values[int(self.rng.random() * len(values))]

    def _price(self, amount):
        kind = self.rng.random()
        if kind < 0.75:
            return f"{amount:.2f}"
        if kind < 0.95:
            return f"${amount:.2f}"
        return f" {amount * 50:,.2f} "
