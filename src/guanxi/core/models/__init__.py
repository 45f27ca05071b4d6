"""The nouns of core."""

from guanxi.core.models.event import Event
from guanxi.core.models.kept_answer import KeptAnswer
from guanxi.core.models.progress import Progress
from guanxi.core.models.reader_position import ReaderPosition

__all__ = ["Event", "KeptAnswer", "Progress", "ReaderPosition"]
