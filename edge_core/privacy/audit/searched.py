"""What a search went through: without it "nothing found" says nothing."""

from dataclasses import asdict, dataclass


@dataclass(slots=True)
class Searched:
    """Counts of what was searched.

    Attributes:
        files, file_bytes: on disk, those that processes hold open under no name among them.
        databases, pages, free_pages: SQLite files, their pages, and those of them not in use.
        skipped: pictures that the site's own settings name.
        processes, memory_bytes: of memory that is not a file's.
        answers, answer_bytes: of the API.
        flows, flow_bytes: directions of connections over the loopback interface.
        lost_packets: those that the capture missed.
    """

    files: int = 0
    file_bytes: int = 0
    databases: int = 0
    pages: int = 0
    free_pages: int = 0
    skipped: int = 0
    processes: int = 0
    memory_bytes: int = 0
    answers: int = 0
    answer_bytes: int = 0
    flows: int = 0
    flow_bytes: int = 0
    lost_packets: int = 0

    def told(self) -> dict[str, int]:
        """As a mapping, for people and machines."""
        return asdict(self)
