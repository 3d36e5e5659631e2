"""detector: reads exported phone data, finds repeated unwanted contact, draws it on a timeline.

The public names are in their modules: ``detector.ingest.read``, ``detector.identity.resolve``,
``detector.language.score.score``, ``detector.patterns.find`` and ``detector.case.analyse``, which runs the four in
order. This module imports nothing, so that ``python3 -m detector`` works before anything is installed.
"""

__version__ = "0.1.0"
