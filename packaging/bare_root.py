"""A bare Debian in a folder, entered by chroot, to prove things on a machine that has nothing."""

import os
import shutil
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

SUITE: Final = "bookworm"
MIRROR: Final = "http://deb.debian.org/debian"
_MOUNTS: Final = ("proc", "sys", "dev")
_QUIET: Final = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
_PATH: Final = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_STOP_S: Final = 30


class BareRoot:
    """The root; see `bare_root`.

    Args:
        folder: where it lies.
        network: name of the network namespace that its programs run in, None for the machine's.
    """

    def __init__(self, folder: Path, network: str | None = None) -> None:
        self.folder = folder
        self._network = network

    def __truediv__(self, place: str) -> Path:
        """A path of the root as seen from outside."""
        return self.folder / place.lstrip("/")

    def command(
        self,
        command: Sequence[str],
        *,
        user: str = "root",
        groups: str = "",
        environment: Mapping[str, str] | None = None,
        online: bool = False,
    ) -> list[str]:
        """The command line that runs a command in the root with nothing of this environment."""
        alone = ["ip", "netns", "exec", self._network] if self._network and not online else []
        who = [f"--userspec={user}:{user}"] if user != "root" else []
        who += [f"--groups={groups}"] if groups else []
        home = "/root" if user == "root" else "/tmp"
        settings = {"PATH": _PATH, "HOME": home, **_QUIET, **(environment or {})}
        shown = [f"{name}={value}" for name, value in settings.items()]
        tight = ["sh", "-c", 'umask 077; exec "$@"', "sh"] if user != "root" else []
        return [*alone, "chroot", *who, str(self.folder), "env", "-i", *shown, *tight, *command]

    def run(
        self, *command: str, check: bool = True, **more: Any
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; raises CalledProcessError with what it said."""
        text = more.pop("input", None)
        done = subprocess.run(
            self.command(command, **more),
            capture_output=True,
            text=True,
            input=text,
            check=False,
        )
        if check and done.returncode:
            said = (done.stdout + done.stderr)[-2000:]
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}:\n{said}")
        return done

    @contextmanager
    def running(
        self, command: Sequence[str], log: Path, **more: Any
    ) -> Iterator[subprocess.Popen[bytes]]:
        """Run a command until the block ends; then it gets SIGTERM, as from a service manager."""
        with log.open("ab") as sink:
            process = subprocess.Popen(
                self.command(command, **more), stdout=sink, stderr=sink, start_new_session=True
            )
            try:
                yield process
            finally:
                process.send_signal(signal.SIGTERM)
                try:
                    process.wait(_STOP_S)
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()

    def install(self, *packages: str, recommended: bool = False) -> None:
        """Install packages by apt; paths of .deb files are as inside the root."""
        wish = "--install-recommends" if recommended else "--no-install-recommends"
        self.run("apt-get", "-qq", "-y", wish, "install", *packages, online=True)

    def files(self) -> set[str]:
        """Everything in the root except what the kernel shows there."""
        found = set()
        for folder, folders, names in os.walk(self.folder):
            if Path(folder) == self.folder:
                folders[:] = [name for name in folders if name not in (*_MOUNTS, "tmp", "run")]
            inside = Path(folder).relative_to(self.folder)
            found |= {f"/{inside / name}" for name in (*folders, *names)}
        return found


@contextmanager
def bare_root(folder: Path, *, cache: Path, alone: bool = True) -> Iterator[BareRoot]:
    """Make a root with the base system alone; it is deleted at the end.

    Needs root and debootstrap.

    Args:
        folder: where; must not be there yet.
        cache: folder that keeps what debootstrap made for the next time.
        alone: whether programs in it get a loopback of their own and no network.
    """
    if not cache.exists():
        told = subprocess.run(
            ["debootstrap", "--variant=minbase", SUITE, str(cache), MIRROR],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if told.returncode:
            shutil.rmtree(cache, ignore_errors=True)
            raise RuntimeError(f"debootstrap failed: {told.stdout[-1000:]}{told.stderr}")
    with ExitStack() as stack:
        subprocess.run(["cp", "-a", cache, folder], check=True)
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        for name in _MOUNTS:
            subprocess.run(["mount", "--rbind", f"/{name}", folder / name], check=True)
            subprocess.run(["mount", "--make-rslave", folder / name], check=True)
            stack.callback(subprocess.run, ["umount", "-R", "-l", folder / name], check=False)
        shutil.copyfile("/etc/resolv.conf", folder / "etc" / "resolv.conf")
        (folder / "usr" / "sbin" / "policy-rc.d").write_text("#!/bin/sh\nexit 101\n")
        (folder / "usr" / "sbin" / "policy-rc.d").chmod(0o755)
        network = f"promenade-{os.getpid()}" if alone else None
        if network:
            subprocess.run(["ip", "netns", "add", network], check=True)
            stack.callback(subprocess.run, ["ip", "netns", "del", network], check=False)
            loopback = ["ip", "-n", network, "link", "set", "lo", "up"]
            subprocess.run(loopback, check=True)
        yield BareRoot(folder, network)
