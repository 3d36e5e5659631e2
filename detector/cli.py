"""The command line: arguments in, exit code out.

0: all read. 3: analysed, but some records or files are listed as problems. 2: wrong use, one line. 1: a bug, with its traceback.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from detector import __version__
from detector.errors import DetectorError

INCOMPLETE = 3
ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    """Run the command line; errors that a user can mend are one line."""
    try:
        sys.exit(cli(standalone_mode=False))
    except click.Abort:
        sys.exit("detector: stopped")
    except (click.ClickException, DetectorError) as error:
        message = error.format_message() if isinstance(error, click.ClickException) else str(error)
        click.echo(f"detector: {message}", err=True)
        sys.exit(2)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def cli() -> None:
    """Reads exported phone data, finds repeated unwanted contact, and draws it on a timeline."""


_PATHS = click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@cli.command()
@_PATHS
@click.option("--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The case folder to write.")
@click.option("--owner", multiple=True, help="Name or number of the person whose device it is; may be repeated.")
@click.option("--timezone", help="Zone of local times and of days and nights, such as Europe/London.")
@click.option("--region", default="GB", show_default=True, help="Country of numbers written without a country code.")
@click.option("--date-order", type=click.Choice(["DMY", "MDY", "YMD"]), help="Order of dates that can be read two ways.")
@click.option("--settings", "settings_file", type=_FILE, help="Thresholds of the patterns (TOML).")
@click.option("--markers", "markers_file", type=_FILE, help="Dated facts that a person knows (TOML).")
@click.option(
    "--mapping", "mapping_files", multiple=True, type=_FILE, help="Description of a table's columns (TOML); may be repeated."
)
@click.option("--jobs", default=1, show_default=True, type=click.IntRange(1), help="Files read at the same time.")
def analyse(paths: tuple[Path, ...], out: Path, **given: Any) -> None:
    """Read exports and write a case folder."""
    from detector.console import analysed_with_progress, summary
    from detector.ledger import complete

    case = analysed_with_progress(paths, out, **given)
    summary(case, out)
    if not complete(case.ledger):
        raise click.exceptions.Exit(INCOMPLETE)


@cli.command()
@click.argument("event_id")
@_PATHS
def show(event_id: str, paths: tuple[Path, ...]) -> None:
    """Print the original record of an event, read again from its export."""
    from detector.original import original

    click.echo(original(event_id, paths))


@cli.command()
def formats() -> None:
    """List the formats that are read, and what their absence does not prove."""
    from detector.formats import FORMATS

    for format in FORMATS:
        click.echo(f"{format.name}\n    {format.title}\n    not in such an export: {format.absence}")


@cli.command()
def patterns() -> None:
    """List the patterns with their thresholds."""
    from dataclasses import asdict

    from detector.finding import FOUR
    from detector.patterns import PATTERNS

    for pattern in PATTERNS:
        click.echo(f"{pattern.name}\n    {pattern.title} ({', '.join(FOUR[letter] for letter in pattern.four)})")
        click.echo("    " + ", ".join(f"{name} = {value}" for name, value in asdict(pattern.settings).items()))


@cli.command()
@click.argument("folder", type=_FOLDER)
def verify(folder: Path) -> None:
    """Check that the outputs of a case are unchanged and agree with each other."""
    from detector.store import verify as check

    wrong = check(folder)
    for line in wrong:
        click.echo(line)
    if wrong:
        raise click.exceptions.Exit(INCOMPLETE)
    click.echo(f"{folder}: every file is as it was written, and the numbers agree")


@cli.command()
@click.argument("folder", required=False, type=_FOLDER)
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1024, 65535), help="Port on this machine.")
def app(folder: Path | None, port: int) -> None:
    """Open the app, on a case folder if one is named."""
    raise click.exceptions.Exit(run_app(folder, port))


def run_app(folder: Path | None, port: int = 8501) -> int:
    """Start the app and wait until it ends."""
    environment = dict(os.environ)
    if folder:
        environment["DETECTOR_CASE"] = str(folder.resolve())
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.port", str(port)]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


@cli.command()
@click.option(
    "--out", default=Path("demo"), show_default=True, type=click.Path(file_okay=False, path_type=Path), help="Where to write it."
)
@click.option("--no-app", is_flag=True, help="End after the analysis instead of opening the app.")
def demo(out: Path, no_app: bool) -> None:
    """Write a made-up extract of real export files, analyse it and open the app on it."""
    from detector.demo import demo as make

    make(out)
    if not no_app:
        raise click.exceptions.Exit(run_app(out / "case"))


@cli.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> None:
    """Run the whole test suite; arguments go to pytest."""
    raise click.exceptions.Exit(subprocess.run([sys.executable, "-m", "pytest", *arguments], cwd=ROOT, check=False).returncode)
