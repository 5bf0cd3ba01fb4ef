"""The orders that are known one by one: what the demo promises, and the cases a reader of the tests will look for."""

from . import catalogue
from .catalogue import BORN_PRIMITIVE, GREYSON

LETTERS = ("XS", "S", "M", "L", "XL", "XXL", "XXXL")
GREYSON_ORDERS = 69
#: 24 orders of seven sizes and 16 of six: 40 orders, 264 sizes.
WITH_SEVEN, WITH_SIX = 24, 16
CANCELLED = 16


def rows(maker):
    return [*greyson_4755(maker), *greyson_47551(maker), golden(maker), *twins(maker), *odd_groups(maker)]


def greyson_4755(maker):
    """PO 4755: 69 orders, CUSTOMER SEASON null, 40 of them with quantities, 264 sizes above zero."""
    found = []
    for n in range(GREYSON_ORDERS):
        style = f"MSP25K{40 + n // 3}"
        colour = catalogue.COLOURS[(n * 5) % len(catalogue.COLOURS)]
        sizes, order_type = {}, "ACTIVE"
        if n < WITH_SEVEN:
            sizes = maker.sizes(7, LETTERS)
        elif n < WITH_SEVEN + WITH_SIX:
            sizes = maker.sizes(6, catalogue.SIZE_RUNS[3] if n % 4 == 0 else LETTERS[1:])
        elif n < WITH_SEVEN + WITH_SIX + CANCELLED:
            # A cancelled line keeps its columns, at zero.
            sizes, order_type = dict.fromkeys(LETTERS, 0), "CANCELLED" if n % 2 else "Cancelled"
        number = f"GRE-{4801 + n:05}"
        found.append(maker.make(GREYSON, number, style, colour, "4755", "2025 FALL", None, sizes, order_type))
    at = maker.layout.index
    found[0][at["RANGE / COLLECTION"]] = None
    found[1][at["RANGE / COLLECTION"]] = "FALL 2025 CORE"
    found[2][at["CUSTOMER PRICE"]] = "$28.86"
    found[3][at["US TARIFF RATE"]] = "TRUE"
    found[4][at["CUSTOMER COLOUR DESCRIPTION"]] = "  CORAL, WASHED "
    return found


def greyson_47551(maker):
    """A PO whose number begins with 4755: a run for 4755 must not touch it."""
    return [
        maker.make(GREYSON, f"GRE-{4951 + n:05}", f"LSP25P{10 + n}", "ARCTIC", "47551", "2025 FALL", None, maker.sizes(5, LETTERS))
        for n in range(8)
    ]


def golden(maker):
    """JOO-00505, the one order of which both sides are known."""
    sizes = {"XS": 22, "S": 104, "M": 177, "L": 125, "XL": 72}
    known = {
        "AAG ORDER NUMBER": "JOO-00505",
        "CUSTOMER NAME": "JOHNNIE O",
        "ORDER DATE PO RECEIVED": "2025-05-20",
        "AAG SEASON": "2026 SPRING",
        "CUSTOMER SEASON": "SPRING SUMMER 2026",
        "CUSTOMER STYLE": "JWHD100120",
        "PO NUMBER": "8148-00",
        "STYLE DESCRIPTION": "NALLA",
        "CUSTOMER COLOUR DESCRIPTION": "WHITE",
        "UNIT OF MEASURE": "PCE",
        "TOTAL QTY": 500,
        "ORDER TYPE": "ACTIVE",
        "DESTINATION": "MISSISSIPPI",
        "EX FACTORY DATE": "2025-09-26",
        "DELIVERY TERMS": "DDP",
        "NOTES": "ADDED 20.5.25 UPDATED DELIVERY TERMS 26.5.25",
        "VALIDATION": "8148-00JWHD100120WHITE500",
        "CUSTOMER PRICE": "28.86",
        "USA ONLY LSTP 75% EX WORKS": "0",
        "FINAL FOB (USD)": "0",
        "US DUTY": "0",
        "US TARIFF": "0",
        "DDP US (USD)": "0",
        "SMS PRICE USD": "0",
    }
    return maker.bare(**known, **sizes)


def twins(maker):
    """Orders whose business key is not unique: three with 119, 94 and 228 pieces, and two with 18 and 732."""
    found = [
        maker.make(BORN_PRIMITIVE, "BOR-00611", "55012", "ICE", "BP-2231", "2025 FALL", "FA25", {"M": quantity})
        for quantity in (119, 94, 228)
    ]
    found += [
        maker.make(GREYSON, "GRE-04268", "MSP23K56", "SHEPHERD", "4401", "2025 SPRING", None, {"OS": quantity})
        for quantity in (18, 732)
    ]
    return found


def odd_groups(maker):
    """Seasons that end in every branch of the group's name, and sizes whose labels look alike."""
    customer = catalogue.CUSTOMERS[4]
    alike = {"XXL": 3, "2XL": 4, "2X": 5, "XXXL": 6, "3XL": 7, "3X": 8, "OS": 9, "ONE SIZE": 10, "30/30": 11, "30X30": 12, "30-30L": 13}
    cases = (("2025 FALL", "  "), ("2025 FALL", "None"), (" nan ", None), (None, None), ("2025 FALL", "spring 26 Rebuy"))
    return [
        maker.make(customer, f"RHY-{900 + n:05}", f"RHW{900 + n}", "BONE", "RH-77", aag, season, alike if n == 0 else {"M": 10})
        for n, (aag, season) in enumerate(cases)
    ]
