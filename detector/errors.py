"""Every error that a user can cause and mend.

    DetectorError                 one line for the user: the thing, the value, the way out
     +- UsageError                a wrong option, settings file or markers file; exit status 2
     +- ExportError               an export, or a part of one, cannot be read
         +- RecordError           one record cannot be read; the others are

Anything else that is raised is a bug in detector and keeps its traceback.
"""


class DetectorError(Exception):
    """An expected error, printed as one line."""


class UsageError(DetectorError):
    """The command, a settings file or a markers file asks for something that cannot be done."""


class ExportError(DetectorError):
    """A file that reached us cannot be read, wholly or from some point on."""


class RecordError(ExportError):
    """One record cannot be read; it is counted as a problem and its neighbours are read."""
