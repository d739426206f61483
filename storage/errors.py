"""The errors of this package. Light, so that the command line can name them without loading SQLAlchemy."""


class StorageError(Exception):
    """The database cannot be used: one line that says what was expected, what was found and what to do."""


class PredictionExistsError(StorageError):
    """A second prediction for one turn. A prediction is written once; a turn worked again keeps its first."""
