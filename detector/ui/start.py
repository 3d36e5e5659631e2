"""Start: the files to read, one card for each of them afterwards, and questions only where the data has no answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import streamlit as st

from detector.errors import DetectorError
from detector.export import Options
from detector.ui import desk_state, file_cards, questions, words

if TYPE_CHECKING:
    from detector.case import Case


class Say:
    """The texts of this page."""

    TITLE = "Start"
    LEAD = (
        "Read exported messages and calls, and see who made contact with whom, how often and when. "
        "Everything stays on this computer; nothing is sent anywhere."
    )
    PATH = "Folder or file on this computer"
    PATH_HELP = (
        "A folder is read with everything in it, as the extract of one person. A folder made by “detector analyse” is opened."
    )
    PLACEHOLDER = "/home/me/phone-export"
    READ = "Read"
    UPLOAD = "Or choose files (up to 200 MB; for more, give the folder above)"
    UPLOAD_READ = "Read these files"
    NO_PATH = "There is nothing at {}. Check the spelling, or choose files below."
    READING = "Reading {}"
    FINDING = "Looking for patterns"
    FILES = "Files that were read"
    OPEN = "{files} · {events}"
    NEXT = "Look at the overview"
    OTHER = "Read something else"
    SAVE, SAVE_PATH, SAVED = "Save this case", "Folder to save it in", "Saved in {}."
    SAVE_HELP = "Writes the table of events, contacts, findings and a timeline picture. The files hold what the messages say: keep them safe."
    LEFT = "This page was left in a hurry, so no case was opened by itself."


def page() -> None:
    """Show how to begin, or what was read."""
    st.title(Say.TITLE)
    opened = desk_state.case()
    if opened is None:
        st.markdown(Say.LEAD)
        if desk_state.left():
            st.info(Say.LEFT)
        _choose()
        return
    _opened(opened)


def _choose() -> None:
    with st.form("path", border=False):
        path = st.text_input(Say.PATH, placeholder=Say.PLACEHOLDER, help=Say.PATH_HELP)
        if st.form_submit_button(Say.READ, type="primary") and path.strip():
            _from_path(Path(path.strip().strip('"')).expanduser())
    with st.form("upload", border=False, clear_on_submit=True):
        files = st.file_uploader(Say.UPLOAD, accept_multiple_files=True)
        if st.form_submit_button(Say.UPLOAD_READ) and files:
            _from_upload(files)


def _from_path(path: Path) -> None:
    if not path.exists():
        st.error(Say.NO_PATH.format(words.plain(str(path))))
    elif (path / "ledger.json").is_file():
        _try(lambda: desk_state.open_folder(path))
    else:
        _try(lambda: read([path], Options()))


def _from_upload(files: Sequence[Any]) -> None:
    with TemporaryDirectory() as folder:
        for file in files:
            (Path(folder) / (Path(file.name).name or "file")).write_bytes(file.getbuffer())
        _try(lambda: read([Path(folder) / Path(file.name).name for file in files], Options(), again=False))


def _try(work: Callable[[], None]) -> None:
    try:
        work()
    except DetectorError as error:
        st.error(words.plain(str(error)))
        return
    st.rerun()


def read(paths: Sequence[Path], options: Options, *, again: bool = True) -> None:
    """Analyse what lies under the paths, with a bar that fills by bytes, and put it on the desk."""
    from detector.case import analyse

    bar, shown = st.progress(0.0), -1

    def step(name: str, done: int, total: int) -> None:
        nonlocal shown
        percent = 100 if not total else min(100, done * 100 // total)
        if percent != shown:
            shown = percent
            bar.progress(percent / 100, text=Say.FINDING if percent == 100 else Say.READING.format(words.plain(name)))

    case = analyse(paths, options, progress=step)
    desk_state.lay_open(case)
    st.session_state["read"] = (tuple(paths), options) if again else None
    bar.empty()


def _opened(opened: Case) -> None:
    sources = opened.ledger["sources"]
    st.markdown(
        Say.OPEN.format(files=words.number(len(sources), "file"), events=words.number(int(opened.ledger["events"]), "event"))
    )
    with st.container(horizontal=True):
        st.button(Say.NEXT, type="primary", on_click=desk_state.go, args=("overview",))
        st.button(Say.OTHER, on_click=desk_state.close)
    answers = questions.ask(opened, can_read_again=st.session_state.get("read") is not None)
    if answers is not None:
        _try(lambda: read(st.session_state["read"][0], answers))
    st.subheader(Say.FILES)
    file_cards.show(opened)
    _save(opened)


def _save(opened: Case) -> None:
    with st.expander(Say.SAVE):
        st.caption(Say.SAVE_HELP)
        folder = st.text_input(Say.SAVE_PATH, key="save_path")
        if st.button(Say.SAVE, key="save") and folder.strip():
            from detector.store import save

            try:
                save(opened, Path(folder.strip()).expanduser())
            except OSError as error:
                st.error(words.plain(f"{folder}: {error.strerror}"))
            else:
                st.success(Say.SAVED.format(words.plain(folder)))
