"""One row for every kind of bad input. The column VALIDATION says what is bad, PO NUMBER is BAD-1."""

from .catalogue import CUSTOMERS

PO = "BAD-1"


def cases():
    """Name of the case → the columns that make it bad."""
    return {
        "order number is null": {"AAG ORDER NUMBER": None},
        "order number is blank": {"AAG ORDER NUMBER": "   "},
        "customer is null": {"CUSTOMER NAME": None},
        "number with letters": {"CUSTOMER PRICE": "28.86 EUR"},
        "number with two points": {"FINAL FOB (USD)": "1.234.5"},
        "number with a misplaced separator": {"EX WORKS (USD)": "12,34"},
        "number that is infinite": {"US DUTY": "inf"},
        "date that does not exist": {"EX FACTORY DATE": "2025-02-30"},
        "date in words": {"ORDER DATE PO RECEIVED": "next week"},
        "text over 200 characters": {"CUSTOMER ALT PO": "A" * 201},
        "text over 500 characters": {"STYLE DESCRIPTION": "D" * 501},
        "text too long only in UTF-16": {"ALIAS/RELATED ITEM": "😀" * 101},
        "long text over 2000 characters": {"NOTES": "N" * 2001},
        "size that is text": {"M": "ten"},
        "size too large": {"M": 9_999_999_999_999},
        "status label over 30 characters": {"UNIT OF MEASURE": "PIECES, PACKED IN POLYBAGS OF TWELVE"},
        "title over 255 characters": {"CUSTOMER STYLE": "S" * 190, "CUSTOMER COLOUR DESCRIPTION": "C" * 190},
    }


def odd_but_good():
    """Name of the case → columns that look bad and are not: these rows must pass."""
    return {
        "negative size is no size": {"M": -5},
        "style and colour are null": {"CUSTOMER STYLE": None, "CUSTOMER COLOUR DESCRIPTION": None},
        "control characters": {"STYLE DESCRIPTION": "TAB\tBELL\x07 LINE\nBREAK", "NOTES": "FIRST\r\nSECOND\x1b"},
        "null words": {"CUSTOMER PRICE": "NULL", "EX FACTORY DATE": "None", "CUSTOMER SEASON": "NaN"},
        "date in US order": {"EX FACTORY DATE": "9/26/2025"},
        "uuid is null": {"record_uuid": None},
        "text of exactly 200 characters": {"CUSTOMER ALT PO": "A" * 200},
        "quotes, brackets and percent": {"NOTES": "50% ]OFF[ 'x' \"y\" \\ {z} $m0 -- ; DROP"},
        "markup": {"STYLE DESCRIPTION": "<script>alert(1)</script>", "CUSTOMER COLOUR DESCRIPTION": "<b>RED</b>"},
    }


def rows(maker):
    found = []
    for n, (name, values) in enumerate([*cases().items(), *odd_but_good().items()]):
        number = f"BAD-{n:05}"
        row = maker.make(CUSTOMERS[4], number, f"RHW{800 + n}", "BONE", PO, "2026 SPRING", "SP26", {"M": 10}, **values)
        row[maker.layout.index["VALIDATION"]] = name
        found.append(row)
    return found
