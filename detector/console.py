"""What the command line prints: a progress bar while it reads, and the contacts in the order of attention."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from detector import settings
from detector.case import Case, analyse
from detector.export import Options
from detector.finding import Finding
from detector.ingest import looked_for
from detector.patterns import PATTERNS
from detector.store import save

CONTACTS_SHOWN = 20


def analysed_with_progress(
    paths: Sequence[Path], out: Path, *, owner: Sequence[str] = (), timezone: str | None = None, region: str = "GB",
    date_order: Any = None, settings_file: Path | None = None, markers_file: Path | None = None, mapping_files: Sequence[Path] = (), jobs: int = 1,
) -> Case:  # fmt: skip
    """Analyse and save, showing the bytes read and the name of the file."""
    options = Options(
        tuple(owner), timezone, region.upper(), date_order, tuple(file.read_text("utf-8") for file in mapping_files)
    )
    columns = TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TimeRemainingColumn()
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("looking for exports", total=None)

        def step(name: str, done: int, total: int) -> None:
            bar.update(task, description=name[-40:], completed=done, total=total)

        case = analyse(
            paths, options, settings=settings.load(settings_file) if settings_file else None,
            markers_text=markers_file.read_text("utf-8") if markers_file else None, jobs=jobs, progress=step,
        )  # fmt: skip
        bar.update(task, description="writing the case")
        save(case, out)
    return case


def summary(case: Case, out: Path) -> None:
    """Print what was read, what was not, and the contacts in the order of attention with their reasons."""
    console = Console(highlight=False)
    sources = case.ledger["sources"]
    problems = sum(len(source["problems"]) for source in sources)
    unread = [source for source in sources if source["format"] is None]
    console.print(
        f"{case.ledger['events']} events from {len(sources) - len(unread)} files; {case.ledger['duplicates']} stand in two of them."
    )
    for source in unread:
        reason = source["notes"][0] if source["notes"] != [looked_for()] else "no format recognises it"
        console.print(f"Not read: {escape(source['path'])}: {escape(reason)}", soft_wrap=True)
    if unread:
        console.print('"detector formats" lists what was looked for.')
    for line in case.ledger["unreadable"]:
        console.print(f"Not read: {escape(line['path'])}: {escape(line['reason'])}", soft_wrap=True)
    if problems:
        console.print(
            f"{problems} records could not be read; {escape(str(out / 'ledger.json'))} lists each with its reason.",
            soft_wrap=True,
        )
    _doubts(console, sources)
    console.print(_table(case))
    console.print("The order says where to look first. It is no score, no assessment of risk and no legal finding.")
    console.print(f"Times are in {case.zone} ({case.ledger['zone_basis']}). Results: {escape(str(out))}", soft_wrap=True)


def _doubts(console: Console, sources: Sequence[dict[str, Any]]) -> None:
    for source in sources:
        for key, option in (("owner_basis", "--owner"), ("zone_basis", "--timezone")):
            if option in (source[key] or ""):
                console.print(f"{escape(source['path'])}: {escape(source[key])}", soft_wrap=True)


def _table(case: Case) -> Table:
    titles = {pattern.name: pattern.title for pattern in PATTERNS}
    table = Table("", "Contact", "In", "Out", "Days", "Reasons", title="Contacts in order of attention", title_justify="left")
    shown = [contact for contact in case.contacts if contact.set_aside is None][:CONTACTS_SHOWN]
    for contact in shown:
        name = f"{contact.contact} ({', '.join(contact.names)})" if contact.names else contact.contact
        reasons = "\n".join(titles[reason] + _often(case.findings, contact.contact, reason) for reason in contact.reasons)
        table.add_row(
            str(contact.rank), escape(name), str(contact.incoming), str(contact.outgoing), str(contact.contact_days), reasons
        )
    aside = sum(contact.set_aside is not None for contact in case.contacts)
    if len(case.contacts) - aside > len(shown) or aside:
        table.caption = (
            f"{len(case.contacts) - aside - len(shown)} more contacts, {aside} set aside (automated, groups, withheld)"
        )
    return table


def _often(findings: Sequence[Finding], contact: str, pattern: str) -> str:
    mine = [finding for finding in findings if finding.contact == contact and finding.pattern == pattern]
    by_owner = " by the owner" if all(finding.direction == "out" for finding in mine) else ""
    possible = ", to be read" if all(finding.strength == "Possible" for finding in mine) else ""
    return f" ({len(mine)}x{by_owner}{possible})" if len(mine) > 1 or by_owner or possible else ""
