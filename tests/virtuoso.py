"""A Virtuoso server of our own, in a temporary folder, on this machine only."""

import http.client
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.stub_endpoint import free_port

PROGRAM = shutil.which("virtuoso-t")
WHY_NOT = "no virtuoso-t (Debian's virtuoso-opensource-7)"
SETTINGS = """[Database]
DatabaseFile = virtuoso.db
ErrorLogFile = virtuoso.log
LockFile = virtuoso.lck
TransactionFile = virtuoso.trx
xa_persistent_file = virtuoso.pxa
FileExtend = 200
TempStorage = TempDatabase

[TempDatabase]
DatabaseFile = virtuoso-temp.db
TransactionFile = virtuoso-temp.trx

[Parameters]
ServerPort = 127.0.0.1:{sql}
NumberOfBuffers = 20000
MaxDirtyBuffers = 15000
CheckpointInterval = 0

[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerThreads = 5

[SPARQL]
ResultSetMaxRows = 10000
"""
"""What differs from the defaults; rows are cut at 10,000 as in Debian's own settings."""


@contextmanager
def running_virtuoso(folder: Path) -> Iterator[str]:
    """Run Virtuoso in a folder, where it keeps its database; yield the address of its root.

    Who writes is `dba`, with the password `dba` that a new database has.
    """
    assert PROGRAM
    sql, port = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(SETTINGS.format(sql=sql, http=port))
    (folder / "virtuoso.lck").unlink(missing_ok=True)  # of one that died
    process = subprocess.Popen(
        [PROGRAM, "+foreground", "+configfile", "virtuoso.ini"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(600):
            with suppress(OSError):
                http.client.HTTPConnection("127.0.0.1", port, timeout=10).connect()
                break
            assert process.poll() is None, "Virtuoso does not start"
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait(10)
