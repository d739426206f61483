"""The figures as a picture. matplotlib is imported when one is drawn, and in no process that draws none."""

from datetime import date, timedelta
from io import BytesIO
from textwrap import wrap

from bot.figures import Figures, spoken
from storage.statistics import ANSWERED, ASKED_BACK, DRAFTED, FAILED, HANDED_OVER, OFFERED, SILENT, SMALL_TALK

COLOURS = {
    ANSWERED: "#2a7f62",
    DRAFTED: "#4f8fc0",
    ASKED_BACK: "#d9a441",
    OFFERED: "#9a8fb8",
    HANDED_OVER: "#c4553b",
    SMALL_TALK: "#c3d3a8",
    SILENT: "#9aa5a9",
    FAILED: "#5b2333",
}
"""Apart in lightness too, for those who see colours otherwise. The ground is opaque: a picture cannot know whether it
is looked at in a light or in a dark client."""
PAPER, INK, FAINT = "#ffffff", "#1f2a30", "#d6dcdf"
MOST_DAYS = 45
"""From so many days on a column is a week."""
FEWEST, FEWEST_REASONS = 6, 4


def draw(found: Figures) -> bytes:
    """A PNG: what became of the messages, day by day, and why people were called."""
    # No pyplot: it keeps figures in a global, and two agents may ask at once.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 4.6), dpi=150, facecolor=PAPER, layout="constrained")
    FigureCanvasAgg(figure)
    if found.handed:
        left, right = figure.subplots(1, 2, width_ratios=(1.7, 1))
        _reasons(right, found)
    else:
        left = figure.subplots()
    _days(left, found)
    if left.patches:
        # Below the columns, where it covers none of them.
        figure.legend(loc="outside lower left", ncols=4, fontsize=11, frameon=False, labelcolor=INK)
    of = f" of “{found.title}”" if found.title else ""
    title = f"The last {spoken(found.span)}{of}"
    # A dollar sign in an intent's title begins no formula.
    figure.suptitle(title, color=INK, fontsize=14, x=0.01, ha="left", parse_math=False)
    out = BytesIO()
    figure.savefig(out, format="png")
    return out.getvalue()


def told(found: Figures) -> str:
    """The same in words, for who cannot see it."""
    each = "; ".join(f"{day:%d %B}: " + ", ".join(f"{n} {what}" for what, n in counts.items() if n)
                     for day, counts in found.stats.days[-14:])  # fmt: skip
    return f"Messages by day. {each}"[:1000]


def columns(found: Figures) -> list[tuple[str, dict[str, int]]]:
    """(name, outcomes) of each column: a day each, also without a message; weeks where there are many days."""
    days = dict(found.stats.days)
    if not days:
        return []
    first, last = min(days), max(days)
    step = 7 if _weekly(found) else 1
    made = []
    for start in range(0, (last - first).days + 1, step):
        begin = first + timedelta(days=start)
        inside = [days.get(begin + timedelta(days=n), {}) for n in range(step)]
        made.append((_name(begin), {name: sum(each.get(name, 0) for each in inside) for name in COLOURS}))
    return made


def _weekly(found: Figures) -> bool:
    days = [day for day, _ in found.stats.days]
    return bool(days) and (max(days) - min(days)).days >= MOST_DAYS


def _name(day: date) -> str:
    return f"{day.day} {day:%b}"


def _days(axes, found: Figures) -> None:  # type: ignore[no-untyped-def]
    bars = columns(found)
    floor = [0] * len(bars)
    for name, colour in COLOURS.items():
        heights = [counts[name] for _, counts in bars]
        if any(heights):
            axes.bar(range(len(bars)), heights, bottom=floor, color=colour, label=name, width=0.72)
            floor = [below + height for below, height in zip(floor, heights, strict=True)]
    every = max(1, -(-len(bars) // (4 if found.handed else 8)))
    axes.set_xticks(range(0, len(bars), every), [name for name, _ in bars][::every])
    axes.set_title("Messages a week" if _weekly(found) else "Messages a day", loc="left", color=INK, fontsize=12)
    axes.yaxis.get_major_locator().set_params(integer=True)
    axes.set_ylim(0, max([1, *floor]) * 1.08)
    # Few columns stay narrow.
    room = max(len(bars), FEWEST) / 2
    axes.set_xlim((len(bars) - 1) / 2 - room, (len(bars) - 1) / 2 + room)
    axes.yaxis.grid(True, color=FAINT, linewidth=0.8)
    _plain(axes)


def _reasons(axes, found: Figures) -> None:  # type: ignore[no-untyped-def]
    ranked = found.handed[::-1]
    names = ["\n".join(wrap(words, 14)) for words, _ in ranked]
    made = axes.barh(names, [number for _, number in ranked], color=COLOURS[HANDED_OVER], height=0.55)
    axes.bar_label(made, padding=4, color=INK, fontsize=11)
    axes.set_title("Why people were called", loc="left", color=INK, fontsize=12)
    axes.set_xlim(0, max(number for _, number in ranked) * 1.3)
    axes.set_xticks([])
    # Few bars stay thin.
    spare = max(0, FEWEST_REASONS - len(ranked)) / 2
    axes.set_ylim(-0.5 - spare, len(ranked) - 0.5 + spare)
    _plain(axes)


def _plain(axes) -> None:  # type: ignore[no-untyped-def]
    axes.set_facecolor(PAPER)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, labelsize=11, length=0, pad=6)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)
