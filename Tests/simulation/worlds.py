"""The configurations under which the days are played."""

from dataclasses import dataclass


@dataclass(frozen=True)
class World:
    """One choice of what the configuration leaves open.

    A wild world makes changes of which the rules alone can't tell who is who (a twin gone and another come in one load), so only
    what stands on the board is compared; in the others each order is followed by its name.
    """

    name: str
    gone: str
    removed_items: str
    removed_sizes: str
    is_wild: bool = False

    @property
    def environment(self):
        return {
            "ORDERSYNC_GONE_POLICY": self.gone,
            "ORDERSYNC_MONDAY_REMOVED_ITEMS": self.removed_items,
            "ORDERSYNC_MONDAY_REMOVED_SIZES": self.removed_sizes,
        }


WORLDS = {
    world.name: world
    for world in (
        World("wild", gone="archive", removed_items="recreate", removed_sizes="zero", is_wild=True),
        World("archive", gone="archive", removed_items="dead", removed_sizes="delete"),
        World("zero", gone="zero", removed_items="recreate", removed_sizes="delete"),
        World("report", gone="report", removed_items="dead", removed_sizes="zero"),
    )
}
