"""The disks that a power cut could have left, made from a journal of writes.

The model, ours, is harsher than what journalling file systems do: what was written since a file's
last sync may be there or not by blocks of 512 bytes, in any combination; a file may have grown
without its content, which is zeros then; names that were made, changed or deleted since the last
sync are there up to a random one, in their order. What a sync returned from is on the disk, and
with a file's content its own name, as ext4, XFS and Btrfs have it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from random import Random
from typing import Final

from edge_core.chaos.steps import Kind, Step

SECTOR_BYTES: Final = 512


class Loss(Enum):
    """What becomes of writes that were not synced."""

    NONE = "nothing is lost, as when the process alone dies"
    ALL = "all of them are lost"
    TAIL = "the last of them are lost"
    SECTORS = "any blocks of them are lost"


@dataclass(slots=True)
class _Inode:
    synced: bytearray = field(default_factory=bytearray)
    waiting: list[Step] = field(default_factory=list)

    def sync(self) -> None:
        for step in self.waiting:
            _put(self.synced, step)
        self.waiting.clear()

    def after(self, loss: Loss, rng: Random) -> tuple[bytes, int]:
        """Content after a cut, and how many bytes of it were lost."""
        content, lost = bytearray(self.synced), 0
        kept = {Loss.NONE: len(self.waiting), Loss.ALL: 0}.get(loss)
        if loss is Loss.TAIL:
            kept = rng.randrange(len(self.waiting) + 1)
        for place, step in enumerate(self.waiting):
            if kept is not None:
                if place < kept:
                    _put(content, step)
                else:
                    lost += len(step.data)
                continue
            for part in _sectors(step):
                if rng.random() < 0.5:
                    _put(content, part)
                else:
                    lost += len(part.data)
        return bytes(content), lost


class Disk:
    """A folder on a disk, step by step."""

    def __init__(self) -> None:
        self._now: dict[str, _Inode] = {}
        self._synced: dict[str, _Inode] = {}
        self._waiting: list[Step] = []

    def take(self, step: Step) -> None:
        """Follow one step."""
        match step.kind:
            case Kind.CREATE:
                self._now[step.name] = _Inode()
                self._waiting.append(step)
            case Kind.WRITE | Kind.TRUNCATE:
                self._inode(step.name).waiting.append(step)
            case Kind.SYNC:
                inode = self._inode(step.name)
                inode.sync()
                if all(it.name != step.name or it.kind is Kind.CREATE for it in self._waiting):
                    self._synced[step.name] = inode
                    self._waiting = [it for it in self._waiting if it.name != step.name]
            case Kind.RENAME:
                self._now[step.data.decode()] = self._now.pop(step.name)
                self._waiting.append(step)
            case Kind.DELETE:
                self._now.pop(step.name, None)
                self._waiting.append(step)
            case Kind.SYNC_FOLDER:
                self._synced = dict(self._now)
                self._waiting.clear()
            case Kind.ACKNOWLEDGE:
                pass

    def after_cut(self, loss: Loss, rng: Random) -> tuple[dict[str, bytes], int]:
        """Files by name after the power was cut here, and how many written bytes were lost."""
        names = self._names(loss, rng)
        files, lost = {}, 0
        for name, inode in names.items():
            files[name], missing = inode.after(loss, rng)
            lost += missing
        return files, lost

    def _inode(self, name: str) -> _Inode:
        return self._now.setdefault(name, _Inode())

    def _names(self, loss: Loss, rng: Random) -> dict[str, _Inode]:
        if loss is Loss.NONE:
            return self._now
        done = 0 if loss is Loss.ALL else rng.randrange(len(self._waiting) + 1)
        if done == len(self._waiting):
            return self._now
        names = dict(self._synced)
        for step in self._waiting[:done]:
            if step.kind is Kind.CREATE:
                names[step.name] = self._now.get(step.name, _Inode())
            elif step.kind is Kind.RENAME and step.name in names:
                names[step.data.decode()] = names.pop(step.name)
            elif step.kind is Kind.DELETE:
                names.pop(step.name, None)
        return names


@dataclass(frozen=True, slots=True)
class Cut:
    """One disk.

    Attributes:
        files: content by name.
        acknowledged: what had been promised by then.
        lost_bytes: written and not there.
        loss: how they were lost.
    """

    files: dict[str, bytes]
    acknowledged: tuple[str, ...]
    lost_bytes: int
    loss: Loss


def cuts(
    steps: Sequence[Step], places: Iterable[int], rng: Random, *, deaf: Sequence[str] = ()
) -> Iterator[Cut]:
    """Cut the power before each of some steps.

    Args:
        steps: of a journal.
        places: indices into it, up to its length; each gets one disk.
        rng: draws what is lost.
        deaf: syncs of files with these words in their names do nothing: to see that it matters.
    """
    disk, acknowledged, at = Disk(), list[str](), 0
    for place in sorted(places):
        while at < place:
            step, at = steps[at], at + 1
            if step.kind is Kind.ACKNOWLEDGE:
                acknowledged.append(step.data.decode())
            elif step.kind is not Kind.SYNC or not any(word in step.name for word in deaf):
                disk.take(step)
        loss = rng.choice(list(Loss))
        files, lost = disk.after_cut(loss, rng)
        yield Cut(files, tuple(acknowledged), lost, loss)


def _put(content: bytearray, step: Step) -> None:
    if step.kind is Kind.TRUNCATE:
        del content[step.at :]
        content.extend(bytes(max(0, step.at - len(content))))
        return
    end = step.at + len(step.data)
    content.extend(bytes(max(0, end - len(content))))
    content[step.at : end] = step.data


def _sectors(step: Step) -> Iterator[Step]:
    """A write, block by block of the disk; a truncation is one thing."""
    if step.kind is Kind.TRUNCATE:
        yield step
        return
    begin, end = step.at, step.at + len(step.data)
    while begin < end:
        stop = min(end, (begin // SECTOR_BYTES + 1) * SECTOR_BYTES)
        yield Step(step.kind, step.name, begin, step.data[begin - step.at : stop - step.at])
        begin = stop
