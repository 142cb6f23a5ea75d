"""Archives for tests, made in memory."""

import io
import tarfile
import warnings
import zipfile


def a_zip(*members, compression=zipfile.ZIP_DEFLATED):
    """An archive of (path or ZipInfo, content)."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of duplicates
        for path, content in members:
            archive.writestr(path, content)
    return file.getvalue()


def a_tar(*members, compression="", form=tarfile.PAX_FORMAT):
    """An archive of (path or TarInfo, content)."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode=f"w:{compression}", format=form) as archive:
        for path, content in members:
            info = path if isinstance(path, tarfile.TarInfo) else tarfile.TarInfo(path)
            if info.isreg():
                info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return file.getvalue()
