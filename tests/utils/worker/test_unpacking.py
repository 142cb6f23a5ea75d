"""Archives of all kinds and makers, honest, broken and hostile."""

import contextlib
import io
import lzma
import random
import stat
import struct
import subprocess
import sys
import tarfile
import tracemalloc
import zipfile
import zlib
from pathlib import Path

import pytest
from archives import a_tar, a_zip
from hypothesis import given, settings
from hypothesis import strategies as st

from utils.worker.filenames import shown
from utils.worker.unpacking import Unpacked, UnpackLimits, UnpackProblem, unpack

ROOT = Path(__file__).resolve().parents[3]
NOTEBOOK = b'{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
SMALL = UnpackLimits(notebook=10_000, notebooks=20_000, members=50, unpacked=100_000)


KINDS = {
    "zip": a_zip,
    "stored.zip": lambda *members: a_zip(*members, compression=zipfile.ZIP_STORED),
    "tar": a_tar,
    "gnu.tar": lambda *members: a_tar(*members, form=tarfile.GNU_FORMAT),
    **{
        f"tar.{suffix}": lambda *members, suffix=suffix: a_tar(*members, compression=suffix)
        for suffix in ("gz", "bz2", "xz")
    },
}
every_kind = pytest.mark.parametrize("kind", KINDS)


@every_kind
def test_notebooks_are_found_and_nothing_else_is(kind):
    archive = KINDS[kind](
        ("report.pdf", b"%PDF"),
        ("b/deep/09.IPYNB", b"second"),
        ("./a.ipynb", NOTEBOOK),
        ("__MACOSX/._a.ipynb", b"\0\5\x16\7"),
        ("b/.ipynb_checkpoints/a-checkpoint.ipynb", NOTEBOOK),
        ("課題/" + "長" * 90 + ".ipynb", b"third"),
        ("inner.zip", a_zip(("hidden.ipynb", NOTEBOOK))),
    )
    assert unpack(f"hw.{kind}", archive) == Unpacked(
        [
            ("a.ipynb", NOTEBOOK),
            ("b/deep/09.IPYNB", b"second"),
            ("課題/" + "長" * 90 + ".ipynb", b"third"),
        ],
        [],
    )


@every_kind
def test_the_content_tells_the_kind_and_not_the_name(kind):
    archive = KINDS[kind](("a.ipynb", NOTEBOOK))
    for name in ("hw.zip", "hw.tar.gz", "hw.tar", "hw"):
        assert unpack(name, archive).members == [("a.ipynb", NOTEBOOK)]


@every_kind
def test_an_archive_in_the_archive_is_told_where_there_is_no_notebook(kind):
    archive = KINDS[kind](("x/inner.tgz", b"whatever"), ("y.zip", b""))
    assert unpack("hw", archive) == Unpacked(
        [], ["hw/x/inner.tgz is an archive inside the archive and was not opened."]
    )


@every_kind
def test_an_empty_archive_is_one_without_notebooks(kind):
    assert unpack("hw", KINDS[kind]()) == Unpacked([], [])


@every_kind
@pytest.mark.parametrize("path", ["../a.ipynb", "/etc/a.ipynb", "x/../../a.ipynb", "C:/a.ipynb"])
def test_a_path_that_leads_out_is_left_out(kind, path):
    found = unpack("hw", KINDS[kind]((path, NOTEBOOK), ("b.ipynb", b"good")))
    assert found.members == [("b.ipynb", b"good")]
    assert ["leads out of the archive" in problem for problem in found.problems] == [True]


def test_the_separators_of_windows_are_read():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        info = zipfile.ZipInfo("x")
        info.filename = "work\\..\\..\\a.ipynb"
        archive.writestr(info, NOTEBOOK)
        info = zipfile.ZipInfo("x")
        info.filename = "work\\en\\b.ipynb"
        archive.writestr(info, NOTEBOOK)
    found = unpack("hw.zip", file.getvalue())
    assert found.members == [("work/en/b.ipynb", NOTEBOOK)]
    assert len(found.problems) == 1


@every_kind
def test_of_two_members_with_one_path_the_last_counts(kind):
    found = unpack("hw", KINDS[kind](("a.ipynb", b"first"), ("./a.ipynb", b"second")))
    assert found == Unpacked(
        [("a.ipynb", b"second")],
        ["hw/a.ipynb stands in the archive more than once; the last counts."],
    )


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO, stat.S_IFSOCK])
def test_a_link_or_device_in_a_zip_is_not_read(kind):
    info = zipfile.ZipInfo("a.ipynb")
    info.external_attr = (kind | 0o777) << 16
    found = unpack("hw", a_zip((info, b"/etc/passwd"), ("b.ipynb", b"good")))
    assert found.members == [("b.ipynb", b"good")]
    assert found.problems[0].startswith("hw/a.ipynb is ")


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
)
def test_a_link_or_device_in_a_tar_is_not_read(kind):
    info = tarfile.TarInfo("a.ipynb")
    info.type, info.linkname = kind, "b.ipynb"
    found = unpack("hw", a_tar(("b.ipynb", b"good"), (info, b"")))
    assert found.members == [("b.ipynb", b"good")]
    assert found.problems[0].startswith("hw/a.ipynb is ")


def test_an_encrypted_member_is_told():
    archive = bytearray(a_zip(("a.ipynb", NOTEBOOK), ("b.ipynb", b"good")))
    archive[6] |= 1
    archive[archive.index(b"PK\1\2") + 8] |= 1
    assert unpack("hw", bytes(archive)) == Unpacked(
        [("b.ipynb", b"good")], ["hw/a.ipynb is encrypted and was left out."]
    )


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_without_a_bound_is_told(compression):
    found = unpack("hw", a_zip(("a.ipynb", NOTEBOOK), compression=compression))
    assert found == Unpacked([], ["hw/a.ipynb is compressed in an unusual way and was left out."])


def test_a_member_with_a_wrong_checksum_is_left_out_and_the_others_are_read():
    archive = bytearray(
        a_zip(("a.ipynb", NOTEBOOK), ("b.ipynb", b"good"), compression=zipfile.ZIP_STORED)
    )
    archive[archive.index(NOTEBOOK) + 3] ^= 1
    found = unpack("hw", bytes(archive))
    assert found.members == [("b.ipynb", b"good")]
    assert "hw/a.ipynb is damaged" in found.problems[0]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        *[(b"", "hw.zip"), (b"", "hw.tar.gz"), (b"hello", "hw.zip"), (b"hello" * 500, "hw.tar")],
        *[(b"\x1f\x8b", "hw.tgz"), (b"BZh9", "hw.tar.bz2"), (b"\xfd7zXZ\0", "hw.tar.xz")],
        *[(b"PK\3\4", "hw.zip"), (b"Rar!\x1a\7\0", "hw.zip"), (b"\0" * 511, "hw.tar")],
    ],
)
def test_what_is_no_archive_is_refused_in_a_sentence(content, name):
    with pytest.raises(UnpackProblem, match=rf"^{name} .*\.$"):
        unpack(name, content)


@pytest.mark.parametrize("kind", ["tar", "tar.gz", "tar.bz2", "tar.xz"])
def test_of_a_truncated_tar_nothing_half_is_taken(kind):
    noise = random.Random(1)
    first, second = noise.randbytes(2_000_000), noise.randbytes(2_000_000)
    archive = KINDS[kind](("a.ipynb", first), ("b.ipynb", second))
    found = unpack("hw", archive[: len(archive) * 4 // 5])
    assert found.members == [("a.ipynb", first)]
    assert "damaged" in found.problems[0]


def test_a_broken_header_is_not_taken_for_the_end():
    archive = bytearray(a_tar(("a.ipynb", NOTEBOOK), ("b.ipynb", NOTEBOOK)))
    archive[1024 + 20] ^= 0xFF
    found = unpack("hw", bytes(archive))
    assert found.members == [("a.ipynb", NOTEBOOK)]
    assert "damaged" in found.problems[0]


def test_a_tar_without_an_end_mark_is_whole():
    archive = a_tar(("a.ipynb", NOTEBOOK))[:1024]
    assert unpack("hw", archive) == Unpacked([("a.ipynb", NOTEBOOK)], [])


def test_an_xz_of_several_streams_with_padding_is_one_tar():
    archive = a_tar(("a.ipynb", NOTEBOOK))
    packed = lzma.compress(archive[:700]) + b"\0" * 8 + lzma.compress(archive[700:]) + b"\0" * 4
    assert unpack("hw", packed).members == [("a.ipynb", NOTEBOOK)]


@every_kind
def test_a_notebook_over_the_limit_is_left_out(kind):
    found = unpack("hw", KINDS[kind](("a.ipynb", b" " * 10_001), ("b.ipynb", b"good")), SMALL)
    assert found.members == [("b.ipynb", b"good")]
    assert found.problems == ["hw/a.ipynb is larger than the limit of 0.01 MB and was left out."]


@every_kind
def test_too_many_notebooks_are_refused(kind):
    archive = KINDS[kind](*((f"{number}.ipynb", b" " * 9_000) for number in range(3)))
    with pytest.raises(UnpackProblem, match=r"hw holds more than 0.02 MB of notebooks"):
        unpack("hw", archive, SMALL)


@every_kind
def test_too_many_files_are_refused(kind):
    archive = KINDS[kind](*((f"{number}.txt", b"") for number in range(51)))
    with pytest.raises(UnpackProblem, match="holds more than 50 files"):
        unpack("hw", archive, SMALL)


@pytest.mark.parametrize("kind", ["tar", "tar.gz", "tar.bz2", "tar.xz"])
def test_a_tar_that_goes_on_and_on_is_refused(kind):
    archive = KINDS[kind](("data.bin", bytes(1_000_000)), ("a.ipynb", NOTEBOOK))
    with pytest.raises(UnpackProblem, match=r"unpacks to more than 0.1 MB"):
        unpack("hw", archive, SMALL)


def test_a_header_that_lies_about_the_size_does_no_harm():
    bomb = bytearray(a_zip(("a.ipynb", bytes(5_000_000)), ("b.ipynb", b"good")))
    place = bomb.index(b"PK\1\2") + 24
    for lie in (0, 10, 0xFFFFFFF0):
        bomb[place : place + 4] = struct.pack("<I", lie)
        found = unpack("hw", bytes(bomb), UnpackLimits(notebook=10_000, notebooks=100_000))
        assert found.members == [("b.ipynb", b"good")], lie
        assert len(found.problems) == 1


def overlapping_zip(count):
    """``count`` members that are all the same 10 MB of zeros (after David Fifield)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    data = packer.compress(bytes(10_000_000)) + packer.flush()
    crc, size = zlib.crc32(bytes(10_000_000)), len(data)
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 0, crc, size, 10_000_000, 1, 0)
    listing = b""
    for number in range(count):
        name = f"{number}.ipynb".encode()
        fields = (20, 20, 0, 8, 0, 0, crc, size, 10_000_000, len(name), 0, 0, 0, 0, 0, 0)
        listing += struct.pack("<4s6H3I5H2I", b"PK\1\2", *fields) + name
    body = local + b"a" + data
    end = (0, 0, min(count, 65535), min(count, 65535), len(listing), len(body), 0)
    return body + listing + struct.pack("<4s4H2IH", b"PK\5\6", *end)


def many_headers(kind, count):
    """A tar of one header after the other for the same member: tarfile recurses."""
    info = tarfile.TarInfo("x")
    info.type = kind
    info.size = 20
    body = (b"20 path=aaaaaaaaaaa\n" if kind == tarfile.XHDTYPE else b"a" * 20).ljust(512, b"\0")
    return (info.tobuf() + body) * count


def greedy_header():
    """A tar whose first header says that two gigabytes of it follow."""
    info = tarfile.TarInfo("x")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 2_000_000_000
    return info.tobuf() + bytes(100_000)


def global_headers():
    """Ten thousand attributes, of which tarfile gives each member a copy."""
    pax = {f"key{number}": "x" for number in range(10_000)}
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", pax_headers=pax) as archive:
        for number in range(2_000):
            archive.addfile(tarfile.TarInfo(f"{number}.txt"))
    return file.getvalue()


def long_list():
    """A zip with a list of members of 10 MB."""
    return a_zip(*((f"{number:0500}", b"") for number in range(20_000)))


def greedy_xz():
    """An xz that asks for 1.5 GB to unpack a few bytes."""
    filters = [{"id": lzma.FILTER_LZMA2, "dict_size": 1536 << 20, "mode": lzma.MODE_FAST}]
    filters[0] |= {"mf": lzma.MF_HC3, "nice_len": 8}
    small = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 16}]
    packed = bytearray(lzma.compress(a_tar(("a.ipynb", NOTEBOOK)), filters=small))
    # The dictionary's size is a byte of the block's header, which ends in its own CRC.
    length = (packed[12] + 1) * 4
    place = packed.index(b"\x21\x01", 12) + 2
    packed[place] = 37
    crc = struct.pack("<I", zlib.crc32(packed[12 : 12 + length - 4]))
    packed[12 + length - 4 : 12 + length] = crc
    return bytes(packed)


HOSTILE = {
    "overlap": lambda: overlapping_zip(2_000),
    "bzip2 in bzip2": lambda: KINDS["tar.bz2"](("a.ipynb", bytes(150_000_000))),
    "long names": lambda: many_headers(tarfile.GNUTYPE_LONGNAME, 5_000),
    "extended headers": lambda: many_headers(tarfile.XHDTYPE, 5_000),
    "greedy header": greedy_header,
    "greedy xz": greedy_xz,
    "global headers": global_headers,
    "long list": long_list,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_takes_little_memory(name, tmp_path):
    (tmp_path / "hw").write_bytes(HOSTILE[name]())
    program = (
        "import resource, sys\n"
        "from pathlib import Path\n"
        "from utils.worker.unpacking import unpack, UnpackLimits, UnpackProblem\n"
        "content = Path(sys.argv[1]).read_bytes()\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "resource.setrlimit(resource.RLIMIT_DATA, (300_000_000, 300_000_000))\n"
        "limits = UnpackLimits(notebook=20_000_000, notebooks=25_000_000)\n"
        "try:\n"
        "    print(unpack('hw', content, limits).problems)\n"
        "except UnpackProblem as problem:\n"
        "    print(problem)\n"
        "peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before\n"
        "assert peak < 100_000, f'{peak} kB'\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "hw")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "too much memory" not in done.stdout


def test_problems_of_very_many_members_are_counted():
    archive = a_zip(*((f"../{number}.ipynb", b"") for number in range(50)))
    problems = unpack("hw", archive).problems
    assert len(problems) == 21
    assert problems[-1] == "hw has 30 more problems."


def test_names_are_shown_as_any_file_can_hold_them():
    names = [
        "a\nb.ipynb",
        "c\x1b[31m.ipynb",
        "e\u202egnp.ipynb",
        "i\u3099.ipynb",
        "か\u3099.ipynb",
    ]
    archive = a_tar(*((name, b"") for name in names))
    paths = [path for path, _ in unpack("hw", archive).members]
    assert paths == sorted(
        ["a\\x0ab.ipynb", "c\\x1b[31m.ipynb", "e\\u202egnp.ipynb", "i\u3099.ipynb", "が.ipynb"]
    )


@pytest.mark.parametrize(
    ("raw", "path"),
    [
        ("課題.ipynb".encode("cp932"), "課題.ipynb"),
        ("課題.ipynb".encode(), "課題.ipynb"),
        ("Zoë.ipynb".encode("cp437"), "Zoë.ipynb"),
    ],
)
def test_names_of_a_zip_that_does_not_tell_its_encoding(raw, path):
    stand_in = "x" * (len(raw) - 6) + ".ipynb"
    archive = a_zip((stand_in, NOTEBOOK)).replace(stand_in.encode(), raw)
    assert unpack("hw.zip", archive).members == [(path, NOTEBOOK)]


def test_a_name_that_is_no_text_is_shown_by_its_bytes():
    archive = a_tar(("\udce9t\udce9.ipynb", NOTEBOOK), form=tarfile.GNU_FORMAT)
    assert unpack("hw", archive).members == [("\\xe9t\\xe9.ipynb", NOTEBOOK)]


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_what_is_shown_can_be_written_and_stays_as_it_is(name):
    text = shown(name)
    assert shown(text) == text
    assert "\n" not in text
    text.encode()


SEEDS = [
    make(("a.ipynb", NOTEBOOK), ("b/課題.ipynb", bytes(2_000)), ("c.txt", b"text"))
    for make in KINDS.values()
] + [
    many_headers(tarfile.XHDTYPE, 3) + a_tar(("a.ipynb", NOTEBOOK)),
    a_tar(("a" * 200 + ".ipynb", NOTEBOOK), form=tarfile.GNU_FORMAT),
    overlapping_zip(2),
]


@st.composite
def mutated(draw):
    content = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(content)))
        piece = draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from([b"\xff" * 4, b"\0" * 512, b"PK\1\2", b"PK\5\6", b"0777777777777"]),
            )
        )
        removed = draw(st.integers(0, 20) | st.sampled_from([len(piece), 512]))
        content[place : place + removed] = piece
    return bytes(content)


@settings(max_examples=600)
@given(mutated() | st.binary(max_size=600), st.sampled_from(["hw.zip", "hw.tar", "hw"]))
def test_whatever_is_given_it_is_unpacked_or_refused(content, name):
    try:
        found = unpack(name, content, SMALL)
    except UnpackProblem as problem:
        text = str(problem)
    else:
        text = "".join(found.problems) + "".join(path for path, _ in found.members)
        assert sum(len(body) for _, body in found.members) <= SMALL.notebooks
        for path, _ in found.members:
            assert not {"", ".", ".."} & set(path.split("/"))
    assert "\n" not in text
    text.encode()


def test_fuzzed_archives_take_little_memory():
    noise = random.Random(5)
    tracemalloc.start()
    try:
        for _ in range(300):
            content = bytearray(noise.choice(SEEDS))
            for _ in range(noise.randrange(1, 4)):
                content[noise.randrange(len(content))] = noise.randrange(256)
            with contextlib.suppress(UnpackProblem):
                unpack("hw", bytes(content), SMALL)
        assert tracemalloc.get_traced_memory()[1] < 30_000_000
    finally:
        tracemalloc.stop()
