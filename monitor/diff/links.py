"""Which arm gets which intervention: the registry says it in both lists, we once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from monitor.diff.align import Aligned
from monitor.diff.found import Found, kind_of
from monitor.diff.sameness import spelled
from monitor.model.change import Category
from monitor.model.json import Json
from monitor.model.sections import Arm, Arms, Intervention


class Links:
    """The links of one record, by the comparison forms of label and name, with the words for both."""

    def __init__(self, arms: Arms) -> None:
        names = {spelled(each.name): each.name for each in arms.interventions}
        told = [(arm.label, _known(name, names)) for arm in arms.arms for name in arm.interventions]
        told += [(label, each.name) for each in arms.interventions for label in each.arm_labels]
        self.labels = {spelled(label): label for label, _ in told} | {
            spelled(arm.label): arm.label for arm in arms.arms
        }
        self.names = {spelled(name): name for _, name in told} | names
        self.pairs = {(spelled(label), spelled(name)) for label, name in told}

    def given_to(self, label: str) -> list[Json]:
        """The names of what an arm gets."""
        return sorted({self.names[name] for arm, name in self.pairs if arm == spelled(label)})  # type: ignore[return-value]  # texts are JSON

    def getting(self, name: str) -> list[Json]:
        """The labels of the arms that get an intervention."""
        return sorted({self.labels[arm] for arm, given in self.pairs if given == spelled(name)})  # type: ignore[return-value]  # texts are JSON

    def renamed(self, arms: Mapping[str, str], given: Mapping[str, str]) -> set[tuple[str, str]]:
        """The links under the names of another version."""
        return {(arms.get(label, label), given.get(name, name)) for label, name in self.pairs}


def link_changes(old: Links, new: Links, arms: Aligned[Arm], given: Aligned[Intervention]) -> Iterator[Found]:
    """Who gets what, between arms and interventions that both stayed; new names are seen through."""
    arm_names = {spelled(was.label): spelled(now.label) for was, now in arms.pairs}
    given_names = {spelled(was.name): spelled(now.name) for was, now in given.pairs}
    labels = {spelled(arm.label) for arm in (*arms.removed, *arms.added)}
    names = {spelled(each.name) for each in (*given.removed, *given.added)}
    lost: defaultdict[str, list[str]] = defaultdict(list)
    won: defaultdict[str, list[str]] = defaultdict(list)
    was, now = old.renamed(arm_names, given_names), new.pairs
    shown, shown_labels = old.names | new.names, old.labels | new.labels
    for pairs, side in ((was - now, lost), (now - was, won)):
        for label, name in sorted(pairs):
            if label not in labels and name not in names:
                side[label].append(shown[name])
    for label in sorted({*lost, *won}):
        yield _found(shown_labels[label], lost[label], won[label])


def _found(label: str, lost: Sequence[str], won: Sequence[str]) -> Found:
    before: Json = sorted(lost) or None
    after: Json = sorted(won) or None
    return Found(
        event="arms.interventions",
        category=Category.ARMS,
        path="arms.arms",
        kind=kind_of(before, after),
        before=before,
        after=after,
        detail={"label": label},
    )


def _known(name: str, names: Mapping[str, str]) -> str:
    """An arm names an intervention with its type in front ("Drug: Nivolumab")."""
    bare = name.split(":", 1)[1].strip() if ":" in name else ""
    return bare if spelled(bare) in names else name
