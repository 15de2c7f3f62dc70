"""What a reader says it can do."""

from dataclasses import dataclass, field

from edge_core.errors import ReaderError
from edge_core.llrp import Message
from edge_core.llrp.element import IMPINJ


@dataclass(frozen=True, slots=True)
class ReaderCapabilities:
    """The parts of a reader's capabilities that matter here.

    Attributes:
        vendor: number of the maker in the IANA list.
        model: the maker's number of the model.
        firmware: as the reader spells it.
        antennas: how many antenna ports it has.
        has_utc_clock: its stamps are UTC; otherwise time since it was switched on.
        power_dbm: transmit power by the index to ask for it with.
        hop_table_id: number of its hop table, 0 when it does not hop.
        frequency_mhz: carrier of channel index 1, 2, … in the order it hops.
        modes: identifiers of its RF modes.
    """

    vendor: int
    model: int
    firmware: str
    antennas: int
    has_utc_clock: bool
    power_dbm: dict[int, float] = field(default_factory=dict)
    hop_table_id: int = 0
    frequency_mhz: tuple[float, ...] = ()
    modes: tuple[int, ...] = ()

    @property
    def is_impinj(self) -> bool:
        """Whether it has Impinj's extensions."""
        return self.vendor == IMPINJ

    def power_index(self, wanted_dbm: float) -> int:
        """Index of the highest power that is not above the wanted one, else of the lowest."""
        allowed = {i: dbm for i, dbm in self.power_dbm.items() if dbm <= wanted_dbm + 1e-6}
        if allowed:
            return max(allowed, key=lambda index: allowed[index])
        return min(self.power_dbm, key=lambda index: self.power_dbm[index])

    @classmethod
    def from_message(cls, response: Message) -> "ReaderCapabilities":
        """Read a GET_READER_CAPABILITIES_RESPONSE.

        Raises:
            ReaderError: it does not tell what is needed.
        """
        general = response.body.first("GeneralDeviceCapabilities")
        regulatory = response.body.first("RegulatoryCapabilities")
        band = regulatory and regulatory.first("UHFBandCapabilities")
        if general is None or band is None:
            raise ReaderError(
                "The reader does not tell its capabilities.",
                "It must be an UHF Gen2 reader with LLRP; look for newer firmware.",
            )
        frequencies = band.first("FrequencyInformation")
        hops = frequencies and frequencies.first("FrequencyHopTable")
        fixed = frequencies and frequencies.first("FixedFrequencyTable")
        table = hops or fixed
        modes = [entry for modes in band.all("UHFC1G2RFModeTable") for entry in modes.children]
        return cls(
            vendor=general["DeviceManufacturerName"],
            model=general["ModelName"],
            firmware=general["ReaderFirmwareVersion"],
            antennas=general["MaxNumberOfAntennaSupported"],
            has_utc_clock=general["HasUTCClockCapability"],
            power_dbm={
                entry["Index"]: entry["TransmitPowerValue"] / 100
                for entry in band.all("TransmitPowerLevelTableEntry")
            },
            hop_table_id=hops["HopTableID"] if hops else 0,
            frequency_mhz=tuple(khz / 1000 for khz in table["Frequency"]) if table else (),
            modes=tuple(entry["ModeIdentifier"] for entry in modes),
        )
