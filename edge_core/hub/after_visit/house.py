"""Putting together all that goes on after a visit."""

from dataclasses import dataclass
from pathlib import Path
from random import SystemRandom
from typing import Final

from edge_core.errors import PromenadeError
from edge_core.hub.after_visit.catalogue import Catalogue
from edge_core.hub.after_visit.csv_files import CsvFolder
from edge_core.hub.after_visit.keys import ContactKeys
from edge_core.hub.after_visit.opt_ins import OptIns
from edge_core.hub.after_visit.postman import Postman
from edge_core.hub.after_visit.records import Writer
from edge_core.hub.after_visit.routes import Phone
from edge_core.hub.after_visit.settings import FILE, AfterVisitConfig, load_after_visit
from edge_core.hub.after_visit.webhook import Connector, Webhook
from edge_core.hub.publish import Shelf
from edge_core.hub.store import HubStore

KEY_FILE: Final = "contacts.key"


@dataclass(frozen=True, slots=True)
class AfterVisit:
    """The parts.

    Attributes:
        config: the rules.
        keys: the hub's secret for contacts.
        opt_ins: who asked for reminders.
        postman: takes messages out.
        phone: pages and what is reported.
    """

    config: AfterVisitConfig
    keys: ContactKeys
    opt_ins: OptIns
    postman: Postman
    phone: Phone

    @classmethod
    def open(
        cls, config: AfterVisitConfig, folder: Path, store: HubStore, shelf: Shelf
    ) -> "AfterVisit":
        """Everything of a hub whose folder has after-visit.toml.

        Raises:
            SourceError: a key or a secret cannot be used.
        """
        keys = ContactKeys.open(folder / KEY_FILE)
        catalogue = Catalogue(store, shelf)
        opt_ins = OptIns(store, keys, config)
        writer = Writer(catalogue, keys, config)
        postman = Postman(store, opt_ins, writer, _connector(config, store), SystemRandom())
        phone = Phone(store, catalogue, keys, opt_ins, config)
        return cls(config, keys, opt_ins, postman, phone)


def open_opt_ins(folder: Path, store: HubStore) -> OptIns:
    """Who asked for reminders, for a command beside the running hub.

    Raises:
        PromenadeError: lists are not set up in this folder, or its key cannot be used.
    """
    config = load_after_visit(folder)
    if config is None:
        raise PromenadeError(f"The hub's folder {folder} has no {FILE}.", "Write one; see hub.md.")
    return OptIns(store, ContactKeys.open(folder / KEY_FILE), config)


def _connector(config: AfterVisitConfig, store: HubStore) -> Connector | None:
    if config.webhook is not None:
        return Webhook(config.webhook, store.clock)
    if config.csv is not None and config.csv.folder is not None:
        return CsvFolder(config.csv.folder, store.clock)
    return None
