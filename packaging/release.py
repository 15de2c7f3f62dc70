#!/usr/bin/env python3
"""The maker's side of the update channel: keys, signing, staged roll-out.

    python packaging/release.py init --keys KEYS --channel CHANNEL
    python packaging/release.py add dist/promenade 1.4.0 --keys KEYS --channel CHANNEL
    python packaging/release.py stage 1.4.0 5 --keys KEYS --channel CHANNEL
    python packaging/release.py pause | resume | withdraw 1.4.0 ...
    python packaging/release.py freshen --keys KEYS --channel CHANNEL
    python packaging/release.py rotate targets --keys KEYS --channel CHANNEL
    python packaging/release.py status --channel CHANNEL

CHANNEL is a folder that any web server hands out as it is; KEYS never leaves its maker. The keys of
root and targets (KEYS/offline) are needed to add a release and to change its stage, those of
snapshot and timestamp (KEYS/online) by `freshen`, which a scheduled job runs. Set
PROMENADE_KEYS_PASSPHRASE to keep the keys encrypted. Runs in the project's environment.
"""

import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Final

import typer
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from securesystemslib.signer import CryptoSigner
from tuf.api.metadata import (
    Metadata,
    MetaFile,
    Root,
    Signed,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)  # fmt: skip
from tuf.repository import Repository

from edge_core.errors import UpdateError
from edge_core.private_files import OTHERS, is_loose, write_private
from edge_core.updates.archive import manifest_of, pack, read_manifest
from edge_core.updates.files import write_whole
from edge_core.updates.ledger_return import NEWEST_SCHEMA
from edge_core.updates.release import INDEX, Archive, Index, Release, order, this_platform

PASSPHRASE: Final = "PROMENADE_KEYS_PASSPHRASE"
PLACES: Final = {
    Root.type: "offline", Targets.type: "offline",
    Snapshot.type: "online", Timestamp.type: "online",
}  # fmt: skip
GOOD_FOR: Final = {
    Root.type: timedelta(days=365), Targets.type: timedelta(days=120),
    Snapshot.type: timedelta(days=14), Timestamp.type: timedelta(days=7),
}  # fmt: skip
"""Devices believe nothing older; the short ones bound how long news can be held back."""
PATCHES: Final = 2
"""A release has patches for so many versions before it."""
_MADE_BY: Final = {
    Root.type: Root, Targets.type: Targets, Snapshot.type: Snapshot, Timestamp.type: Timestamp,
}  # fmt: skip


class KeyRing:
    """A folder of private keys, one a role and `ROLE-old` while it is replaced.

    Args:
        folder: of the keys; nobody but its owner may look into it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """File of a key."""
        return self.folder / PLACES[name.removesuffix("-old")] / f"{name}.pem"

    def make(self, role: str) -> CryptoSigner:
        """Draw a key; one that is there becomes the old one."""
        path = self.path(role)
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.name == "posix":
            for folder in (self.folder, path.parent):
                folder.chmod(folder.stat().st_mode & 0o777 & ~OTHERS)
        if path.exists():
            path.replace(self.path(f"{role}-old"))
        secret = os.environ.get(PASSPHRASE, "").encode()
        locked = BestAvailableEncryption(secret) if secret else NoEncryption()
        key = Ed25519PrivateKey.generate()
        write_private(path, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, locked))
        return CryptoSigner(key)

    def signers(self, role: str) -> list[CryptoSigner]:
        """Those of a role that are at hand, the newest first."""
        found = [it for it in (self.path(role), self.path(f"{role}-old")) if it.is_file()]
        return [self._read(it) for it in found]

    def _read(self, path: Path) -> CryptoSigner:
        if is_loose(path):
            raise UpdateError(f"Others may read {path}.", f"Run `chmod 600 {path}`.")
        secret = os.environ.get(PASSPHRASE, "").encode() or None
        try:
            key = load_pem_private_key(path.read_bytes(), secret)
        except (ValueError, TypeError) as error:
            raise UpdateError(f"{path} cannot be read: {error}.", f"Set {PASSPHRASE}.") from None
        if not isinstance(key, Ed25519PrivateKey):
            raise UpdateError(f"{path} is no Ed25519 key.", "Use the keys that `init` made.")
        return CryptoSigner(key)


class ChannelFolder(Repository):
    """A channel's metadata and targets; python-tuf's repository, on a folder.

    Args:
        folder: that is handed out.
        keys: to sign with.
        now: the maker's clock.
    """

    def __init__(self, folder: Path, keys: KeyRing, now: datetime | None = None) -> None:
        self.metadata, self.targets_folder = folder / "metadata", folder / "targets"
        self._keys = keys
        self._now = (now or datetime.now(UTC)).replace(microsecond=0)

    def open(self, role: str) -> Metadata[Any]:
        """See `Repository`."""
        if role == Timestamp.type:
            path = self.metadata / "timestamp.json"
        else:
            found = self.metadata.glob(f"*.{role}.json")
            versions = sorted(found, key=lambda it: int(it.name.split(".")[0]))
            path = versions[-1] if versions else self.metadata / "none"
        if path.is_file():
            return Metadata.from_file(str(path))
        signed: Signed = _MADE_BY[role]()
        signed.version = 0
        return Metadata(signed)

    def close(self, role: str, md: Metadata[Any]) -> None:
        """See `Repository`."""
        md.signed.version += 1
        md.signed.expires = self._now + GOOD_FOR[role]
        signers = self._keys.signers(role)
        if not signers:
            raise UpdateError(f"The key of {role} is not at hand.", "Give --keys, or mount it.")
        md.signatures.clear()
        for signer in signers:
            md.sign(signer, append=True)
        numbered = "" if role == Timestamp.type else f"{md.signed.version}."
        self.metadata.mkdir(parents=True, exist_ok=True)
        write_whole(self.metadata / f"{numbered}{role}.json", md.to_bytes())
        if role == Root.type:
            write_whole(self.metadata / "root.json", md.to_bytes())

    @property
    def targets_infos(self) -> dict[str, MetaFile]:
        """See `Repository`."""
        return {"targets.json": MetaFile(self.targets().version)}

    @property
    def snapshot_info(self) -> MetaFile:
        """See `Repository`."""
        return MetaFile(self.snapshot().version)

    def publish(self, *, force: bool = False) -> None:
        """Let devices see what was signed last."""
        self.do_snapshot(force=force)
        self.do_timestamp(force=force)

    # ---- keys

    def begin(self) -> None:
        """Draw all keys and sign an empty channel."""
        if (self.metadata / "root.json").exists():
            raise UpdateError(f"{self.metadata} is there already.", "Name another folder.")
        signers = {role: self._keys.make(role) for role in PLACES}
        with self.edit_root() as root:
            root.consistent_snapshot = True
            for role, signer in signers.items():
                root.add_key(signer.public_key, role)
        self.keep_index(Index())

    def rotate(self, role: str) -> None:
        """Replace a role's key; devices follow by themselves, from one root to the next."""
        old = self._keys.signers(role)[0].public_key.keyid
        new = self._keys.make(role)
        with self.edit_root() as root:  # signed by the old root key and the new one
            root.revoke_key(old, role)
            root.add_key(new.public_key, role)
        if role != Root.type:
            self._keys.path(f"{role}-old").unlink(missing_ok=True)
        if role == Targets.type:
            self.keep_index(self.index())
        self.publish(force=True)

    # ---- releases

    def index(self) -> Index:
        """The releases as published."""
        target = self.targets().targets.get(INDEX)
        return Index() if target is None else Index.parse(self._file(target).read_bytes())

    def _file(self, target: TargetFile) -> Path:
        return self.targets_folder / f"{target.hashes['sha256']}.{target.path}"

    def keep_index(self, index: Index, *archives: Path) -> None:
        """Sign a list of releases, and new archives with it."""
        self.targets_folder.mkdir(parents=True, exist_ok=True)
        draft = self.targets_folder / INDEX
        draft.write_bytes(index.model_dump_json(indent=1).encode())
        listed = {it.target for release in index.releases for it in release.archives} | {INDEX}
        with self.edit_targets() as targets:
            for path in (draft, *archives):
                target = TargetFile.from_file(path.name, str(path), ["sha256"])
                path.replace(self._file(target))
                targets.targets[path.name] = target
            for name in targets.targets.keys() - listed:
                del targets.targets[name]
        self.publish()

    def add(self, bundle: Path, version: str) -> Release:
        """Pack a bundle, whole and as patches, and list it for nobody yet."""
        index = self.index()
        if index.find(version) is not None:
            raise UpdateError(f"Version {version} is published.", "Count the version up.")
        manifest = manifest_of(bundle, version)
        stem = f"promenade-{this_platform()}-{version}"
        whole = self._draft(f"{stem}.tar.xz")
        pack(bundle, manifest, whole)
        made = {"": whole}
        for base in self._bases(index, version):
            path = self._draft(f"{stem}.from-{base.version}.tar.xz")
            old = read_manifest(self._file(self.targets().targets[base.whole().target]))
            pack(bundle, manifest, path, old)
            if path.stat().st_size < whole.stat().st_size:
                made[base.version] = path
            else:
                path.unlink()
        archives = [
            Archive(target=it.name, base=base, size_bytes=it.stat().st_size)
            for base, it in made.items()
        ]
        release = Release(
            version=version, platform=this_platform(), unpacked_bytes=manifest.total_bytes,
            ledger_schema=NEWEST_SCHEMA, archives=tuple(archives),
        )  # fmt: skip
        self.keep_index(Index(releases=(*index.releases, release)), *made.values())
        return release

    def _draft(self, name: str) -> Path:
        self.targets_folder.mkdir(parents=True, exist_ok=True)
        return self.targets_folder / name

    def _bases(self, index: Index, version: str) -> list[Release]:
        older = [
            it for it in index.releases
            if it.platform == this_platform() and order(it.version) < order(version)
            and not it.withdrawn
        ]  # fmt: skip
        return sorted(older, key=lambda it: order(it.version))[-PATCHES:]

    def change(self, version: str, **changes: Any) -> Release:
        """Change a release's stage."""
        index = self.index()
        release = index.find(version)
        if release is None:
            raise UpdateError(f"There is no version {version}.", "Look with `status`.")
        changed = Release.model_validate(release.model_dump() | changes)
        rest = (changed if it is release else it for it in index.releases)
        self.keep_index(Index(releases=tuple(rest)))
        return changed


app = typer.Typer(help=__doc__, no_args_is_help=True, pretty_exceptions_enable=False)
KeysOption = Annotated[Path, typer.Option("--keys", help="Folder of the private keys.")]
ShareArgument = Annotated[float, typer.Argument(min=0, max=100, help="Percent.")]
ChannelOption = Annotated[Path, typer.Option("--channel", help="Folder that is handed out.")]


@app.command()
def init(keys: KeysOption, channel: ChannelOption) -> None:
    """Draw the keys and make an empty channel; hand its root.json to who installs PCs."""
    inside = subprocess.run(
        ["git", "-C", str(keys.absolute().parent), "rev-parse", "--is-inside-work-tree"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if inside.stdout.strip() == "true":
        raise UpdateError(f"{keys} lies in a repository.", "Keep keys where nobody commits them.")
    ChannelFolder(channel, KeyRing(keys)).begin()
    print(f"Keep {keys}/offline off every network. Hand out {channel}/metadata/root.json.")


@app.command()
def add(bundle: Path, version: str, keys: KeysOption, channel: ChannelOption) -> None:
    """Publish a built bundle, for nobody yet."""
    release = ChannelFolder(channel, KeyRing(keys)).add(bundle, version)
    for archive in release.archives:
        print(f"{archive.size_bytes:>12} bytes  {archive.target}")


@app.command()
def stage(version: str, share: ShareArgument, keys: KeysOption, channel: ChannelOption) -> None:
    """Roll a release out to a share of the store PCs, in percent."""
    ChannelFolder(channel, KeyRing(keys)).change(version, share_percent=share)
    print(f"{version} is for {share:g} % of the store PCs.")


@app.command()
def pause(version: str, keys: KeysOption, channel: ChannelOption) -> None:
    """Give a release to nobody more for now."""
    ChannelFolder(channel, KeyRing(keys)).change(version, paused=True)


@app.command()
def resume(version: str, keys: KeysOption, channel: ChannelOption) -> None:
    """Go on with a release that was paused."""
    ChannelFolder(channel, KeyRing(keys)).change(version, paused=False)


@app.command()
def withdraw(version: str, keys: KeysOption, channel: ChannelOption) -> None:
    """Give a release to nobody more, for good. PCs that have it keep it until a newer one."""
    ChannelFolder(channel, KeyRing(keys)).change(version, withdrawn=True)


@app.command()
def freshen(keys: KeysOption, channel: ChannelOption) -> None:
    """Sign snapshot and timestamp anew, with the online keys alone; run it daily."""
    ChannelFolder(channel, KeyRing(keys)).publish(force=True)


@app.command()
def rotate(role: str, keys: KeysOption, channel: ChannelOption) -> None:
    """Replace the key of root, targets, snapshot or timestamp."""
    if role not in PLACES:
        raise typer.BadParameter(f"one of {', '.join(PLACES)}")
    ChannelFolder(channel, KeyRing(keys)).rotate(role)


@app.command()
def status(channel: ChannelOption) -> None:
    """List releases, their stages, and until when signatures are good."""
    folder = ChannelFolder(channel, KeyRing(channel / "none"))
    for role in PLACES:
        signed = folder.open(role).signed
        print(f"{role:>10}  version {signed.version}, good until {signed.expires:%Y-%m-%d %H:%M}Z")
    for it in folder.index().releases:
        what = "withdrawn" if it.withdrawn else "paused" if it.paused else f"{it.share_percent:g} %"
        print(f"{it.version:>10}  {it.platform}  {what}")


def main() -> None:
    """Run a command; what is wrong is told in a line."""
    try:
        app()
    except UpdateError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
