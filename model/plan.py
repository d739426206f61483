"""How an intent model is trained: one recipe, by the size of the data. Loads no torch."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and on what, chosen by the size of the data and nothing else."""

    epochs: int
    """Passes over the rows and their copies."""
    held_share: float
    copies: float = 0
    """Copies of each row with slips of the keyboard in each pass, beside as many without: customers mistype. Less than
    1: of so large a share of the rows, drawn by chance."""
    kept: float = 1.0
    """Share of what training changed in the encoder that stays; see model.anchor."""
    contrast: float = 0.0
    """See model.tune. With it, the classes' means as training left them have half a say beside the head."""
    rehearsal: int = 0
    """Passes of a first training that gives the calibration, before one on all rows serves. 0: the first serves."""


def plan_for(rows: int) -> Plan:
    """One recipe, by the number of in-scope rows."""
    if rows < 3000:
        return Plan(epochs=2, held_share=0.2, copies=2, kept=0.75, contrast=0.5, rehearsal=1)
    return Plan(epochs=3, held_share=0.05, copies=0.33)
