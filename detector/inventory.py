"""The files behind the paths that a person names, before any of them is read.

A folder is one extract: its files belong to one owner. Single files named together are one extract too. Everything that
is found ends in one of three lists: what a format may read, what cannot be read (one line each, with the way out), and what
holds no records of its own, such as photos. Folders come first, each sorted by name, then single files as they are named.
"""

from __future__ import annotations

import os
import stat
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from detector.archive import BROKEN, Scratch, blank, file_found, shown
from detector.errors import UsageError
from detector.export import Export, Options
from detector.kinds import Found, SetAside, Unreadable
from detector.sqlite import COMPANIONS, MAGIC, is_database


@dataclass
class Inventory:
    """What was found. Temporary copies of zips inside zips live as long as this object or any of its exports."""

    exports: list[Export] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)
    set_aside: list[tuple[str, str]] = field(default_factory=list)
    scratch: Scratch = field(default_factory=Scratch, repr=False)

    def add(self, found: Found) -> None:
        """Put one thing that was found into its list."""
        if isinstance(found, Export):
            self.exports.append(found)
        else:
            (self.unreadable if isinstance(found, Unreadable) else self.set_aside).append((found.name, found.reason))


def find_exports(paths: Sequence[Path], options: Options) -> Inventory:
    """Find every file behind these paths; UsageError for a path where nothing is."""
    inventory, loose, names = Inventory(), list[Found](), Counter[str]()
    waiting = {os.path.realpath(path): path for path in reversed(paths)}
    logs = {os.path.realpath(log) for path in paths for log in _logs(path)}
    for path in paths:
        name = shown(path.name if path.name not in ("", "..") else path.resolve().name)
        real = os.path.realpath(path)
        if real in logs:
            continue
        if waiting.pop(real, None) is None:
            loose.append(SetAside(name, "named twice; read once"))
            continue
        names[name] += 1
        name = name if names[name] == 1 else f"{name} ({names[name]})"
        if _is_folder(path):
            _add(inventory, _folder(path, name, options, inventory.scratch))
        else:
            loose += _file(path, name, options, inventory.scratch)
            loose += [
                Export(log, name + log.name.removeprefix(path.name), log.stat().st_size, None, options) for log in _logs(path)
            ]
    _add(inventory, loose)
    return inventory


def _is_folder(path: Path) -> bool:
    """Tell a folder from a file; UsageError where neither is."""
    try:
        return stat.S_ISDIR(path.stat().st_mode)
    except PermissionError:
        return False
    except OSError as error:
        if path.is_symlink():
            return False
        msg = f'there is no file or folder "{path}"; check the spelling, and put names with spaces in quotation marks'
        raise UsageError(msg) from error


def _logs(path: Path) -> list[Path]:
    """Return the logs that lie beside a database which is named alone: they hold its newest records."""
    try:
        if not path.is_file():
            return []
        with path.open("rb") as stream:
            if stream.read(len(MAGIC)) != MAGIC:
                return []
    except OSError:
        return []
    return [log for ending in COMPANIONS if (log := path.with_name(path.name + ending)).is_file()]


class _Extract(list[Export]):
    """The files of one extract, which keep the temporary copies among them."""

    scratch: Scratch


def _add(inventory: Inventory, found: Iterable[Found]) -> None:
    """Add the files of one extract, and tell each of them which others it came with."""
    kept = list(_without_logs(_without_blank_copies(list(found))))
    extract = _Extract(each for each in kept if isinstance(each, Export))
    extract.scratch = inventory.scratch
    for each in kept:
        if isinstance(each, _Log):
            extract.append(each.export)
            inventory.add(SetAside(each.export.name, each.reason))
        else:
            inventory.add(each)
    for export in extract:
        export.extract = extract


def _folder(folder: Path, name: str, options: Options, scratch: Scratch) -> Iterator[Found]:
    """Walk a folder in sorted order, without recursion, so that no folder is too deep."""
    found, waiting = False, [(folder, name, True)]
    while waiting:
        path, called, is_folder = waiting.pop()
        found = found or not is_folder
        if not is_folder:
            yield from _file(path, called, options, scratch)
            continue
        try:
            inside = sorted(os.scandir(path), key=lambda entry: entry.name, reverse=True)
        except OSError as error:
            yield Unreadable(called, _why(error, "folder"))
            found = True
            continue
        waiting += [(Path(each), f"{called}/{shown(each.name)}", each.is_dir(follow_symlinks=False)) for each in inside]
    if not found:
        yield Unreadable(name, "the folder is empty")


def _file(path: Path, name: str, options: Options, scratch: Scratch) -> Iterator[Found]:
    """Yield what one path is; links inside a folder are not followed, and devices are not opened."""
    try:
        if path.is_symlink() and "/" in name:
            yield Unreadable(name, "it is a link; links are not followed: name its target")
        elif not path.exists():
            yield Unreadable(name, "it is a link to something that is not there")
        elif not path.is_file():
            yield Unreadable(name, "it is no ordinary file but a pipe, socket or device: it is not opened")
        else:
            yield from file_found(Export(path, name, path.stat().st_size, None, options), scratch)
    except OSError as error:
        yield Unreadable(name, _why(error, "file"))


def _why(error: OSError, what: str) -> str:
    if isinstance(error, PermissionError):
        return f"no permission to read the {what}: copy it to a folder of your own, or change its permissions"
    return f"the {what} cannot be read: {error.strerror}"


@dataclass(frozen=True)
class _Log:
    """A file that SQLite keeps beside a database."""

    export: Export
    reason: str


def _without_logs(found: Iterable[Found]) -> Iterator[Found | _Log]:
    """Mark the files that belong to a database of the same extract."""
    found = list(found)
    exports = {each.name: each for each in found if isinstance(each, Export)}
    for each in found:
        ending = next((end for end in COMPANIONS if each.name.endswith(end)), "")
        database = exports.get(each.name.removesuffix(ending)) if ending and isinstance(each, Export) else None
        if isinstance(each, Export) and database and is_database(database):
            mirror = "; it only mirrors the log" if ending == "-shm" else ""
            yield _Log(each, f"read together with {database.title}{mirror}")
        else:
            yield each


def _without_blank_copies(found: list[Found]) -> Iterator[Found]:
    """Set aside blank members of zips whose namesake in another zip of the same extract is not blank.

    Large downloads come in several zips, and the same path may stand in more than one, in some of them filled with zeros.
    """
    namesakes: dict[str, list[Export]] = defaultdict(list)
    for each in found:
        if isinstance(each, Export) and each.member is not None:
            namesakes[each.member].append(each)
    filled = {member: [each for each in copies if not _blank(each)] for member, copies in namesakes.items() if len(copies) > 1}
    for each in found:
        copies = filled.get(each.member or "") if isinstance(each, Export) else None
        if isinstance(each, Export) and copies and each not in copies:
            yield SetAside(each.name, f"empty or filled with zeros; {copies[0].name} is read instead")
        else:
            yield each


def _blank(export: Export) -> bool:
    try:
        stream: IO[bytes]
        with export.open() as stream:
            return blank(stream)
    except BROKEN:
        return False
