"""What orders are made of: customers, seasons, colours, sizes, and values in the forms they have in the source."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Customer:
    """`name` as in CUSTOMER NAME; `prefix` of its order numbers; the styles it orders."""

    name: str
    prefix: str
    style: str
    destination: str
    warehouse: str
    terms: str
    seasons: tuple


CUSTOMERS = (
    Customer("GREYSON CLOTHIERS", "GRE", "MSP25K", "USA", "DETROIT DC", "FOB", (("2025 FALL", None), ("2026 SPRING", None))),
    Customer("JOHNNIE O", "JOO", "JWHD10", "MISSISSIPPI", "OLIVE BRANCH", "FOB", (("2026 SPRING", "SPRING SUMMER 2026"),)),
    Customer("BORN PRIMITIVE", "BOR", "55", "VIRGINIA", "BP VA BEACH", "DDP", (("2025 FALL", "FA25"), ("2026 SPRING", "SP26"))),
    Customer("MACK WELDON", "MWE", "M01Y", "USA", "MW 3PL NJ", "FOB", (("2025 FALL", "FA25 HOLIDAY"),)),
    Customer("RHYTHM (AU)", "RHY", "RHW", "AUSTRALIA", "SYDNEY", "FOB", (("2026 SPRING", "SPRING 26 REBUY"), ("2025 FALL", " "))),
    Customer("RHYTHM (US)", "RHU", "RHW", "CALIFORNIA", "CARLSBAD", "DDP", (("2026 SPRING", "SP26"),)),
    Customer("LORNA JANE (AU)", "LOR", "LJ", "AUSTRALIA", "BRISBANE", "FOB", (("2025 FALL", "nan"),)),
    Customer("AESTHETIC REVOLUTION LLC (US)", "ASR", "A0", "USA", "LA 3PL", "FOB", (("2026 SPRING", "SP26"),)),
    Customer("TITLE 9", "TIT", "T9", "CALIFORNIA", "FAIRFIELD", "DDP", (("2026 SPRING", None),)),
    Customer("B'HOOD", "BHO", "BH", "UK", "LONDON", "EXW", (("2025 FALL", "AW25"),)),
    Customer("UNE PIECE (AU)", "UNE", "UP", "AUSTRALIA", "MELBOURNE", "FOB", ((None, None),)),
    Customer("TRACKSMITH", "TRA", "TS", "USA", "BOSTON", "FOB", (("2025 FALL", "FA25"),)),
)
GREYSON, JOHNNIE_O, BORN_PRIMITIVE = CUSTOMERS[:3]

COLOURS = (
    "WHITE", "BLACK", "NAVY", "417 - MALTESE BLUE", "DEAN BLUE/WHITE", "TOTAL ECLIPSE/TRUE BLACK LINER", "ICE", "ARCTIC",
    "SHEPHERD", "LIGHT GREY HEATHER", "ANTIQUE MOSS", "CORAL, WASHED", "ÉCRU", "BONE", "OLIVE", "SAND", "RUST", "PLUM",
    "SKY", "SEAFOAM", "CHALK", "CLAY", "COBALT", "COCOA", "DUSK", "EMBER", "FERN", "FOG", "GRAPHITE", "INDIGO",
)  # fmt: skip
DESCRIPTIONS = (
    "NALLA", "KINGMAKER POLO", "WAINSCOTT TROUSER", "SIASCONSET HOODIE", "OMAHA CREW", "ALL DAY EVERY DAY TEE", "RANGER LEGGING",
    "MERINO BASE LAYER", "L/S SUN SHIRT", "TECH FLEECE 1/4 ZIP", "5\" LINED SHORT", "WOMEN'S RACERBACK TANK", "PIQUÉ POLO",
)  # fmt: skip
CATEGORIES = ("MENS", "WOMENS", "KIDS", "ACCESSORIES")
RANGES = ("FALL 2025 CORE", "GOLF ESSENTIALS", "HOLIDAY CAPSULE", "TRAVEL", "RUN")
HS_CODES = ("6212.10.90.20", "6105.20.2010", "6109.90.1007", "6103.43.1540", "6110.30.3053", "6112.41.0010", "6104.63.2006")
METHODS = ("SEA", "AIR", "SEA-FB", "COURIER")
NOTES = (
    "ADDED 20.5.25",
    "ADDED 2.6.25\nQTY CONFIRMED 9.6.25",
    "CONFIRM TRIM \"AS ABOVE\" & <LABEL B>",
    "SPLIT SHIPMENT: 60% SEA, 40% AIR",
    "HOLD FOR LAB DIP",
)  # fmt: skip
PRICE_NOTES = ("PRICE INCL. HANGTAG", "REVISED MOQ SURCHARGE", "TARGET $24 – OPEN")
#: Runs of neighbouring size columns that an order may have.
SIZE_RUNS = (
    ("XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL"),
    ("0", "2", "4", "6", "8", "10", "12", "14", "16", "18"),
    ("2T", "3T", "4T", "5T", "6T"),
    ("30/30", "30/32", "32/30", "32/32", "34/30", "34/32", "36/30", "36/32"),
    ("32C", "32D", "32DD", "34C", "34D", "34DD", "36C", "36D", "36DD"),
    ("28", "29", "30", "31", "32", "33", "34", "35", "36", "38"),
    ("30-30L", "30-31L", "30-32L", "31-30L", "31-31L", "31-32L", "32-30L", "32-31L"),
    ("2X", "3X", "4X"),
    ("S(6-8)", "M(8-10)", "M(10-12)", "L(10-12)", "L(14-16)"),
    ("OS",),
    ("ONE SIZE",),
)
