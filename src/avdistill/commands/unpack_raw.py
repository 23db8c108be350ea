"""`avdistill unpack-raw`: unpack raw data in AVIA's layout from an archive."""

from argparse import Namespace

from avdistill.avia.vocabulary import TREES
from avdistill.options.command import Command, option, path_option

COMMAND = Command(
    summary="fetch, verify and unpack an archive of AVIA, or of data in its layout",
    example="avdistill unpack-raw --archive avia.tar --size 1234 --sha256 … "
    "--raw results/raw --manifest results/raw/unpacked.csv",
    options=(
        option("--archive", required=True, help="path or http(s) address of a zip or tar archive"),
        option(
            "--trees",
            nargs="+",
            choices=TREES,
            default=list(TREES),
            help="what to take from the archive (both)",
        ),
        option("--size", type=int, required=True, help="the archive's size in bytes"),
        option("--sha256", required=True, help="the archive's sha256"),
        option(
            "--max-bytes",
            type=int,
            default=2**40,
            help="refuse archives that unpack to more (%(default)s)",
        ),
        option(
            "--max-files",
            type=int,
            default=10**7,
            help="refuse archives with more entries (%(default)s)",
        ),
        path_option("--raw", help="folder in which the trees appear"),
        path_option("--manifest", help="CSV file to write"),
    ),
)


def run(arguments: Namespace) -> None:
    """Unpack the archive, unless that was done already; write the list of trees.

    A download is kept until unpacking has succeeded.
    """
    from avdistill.avia.raw_archive import are_placed, describe_trees, place_trees, unpack_trees
    from avdistill.avia.raw_folder import refuse_other_trees, unlink_old_links
    from avdistill.downloads.fetching import fetch
    from avdistill.downloads.stamp import ArchiveIdentity, is_unpacked
    from avdistill.files.manifest import write_manifest

    raw, trees = arguments.raw, arguments.trees
    identity = ArchiveIdentity(arguments.size, "sha256", arguments.sha256)
    unpacked, download = raw / "unpacked", raw / "download"
    unlink_old_links(raw)
    refuse_other_trees(raw, from_archive=True)
    if not are_placed(raw, identity, trees):
        # An earlier version may have left trees there.
        if not is_unpacked(unpacked, [identity], trees):
            archive = fetch(arguments.archive, identity, download)
            limits = {"max_bytes": arguments.max_bytes, "max_files": arguments.max_files}
            unpack_trees(archive, unpacked, trees, **limits)
        place_trees(unpacked, raw, identity, trees)
    download.unlink(missing_ok=True)
    write_manifest(arguments.manifest, describe_trees(raw, trees))
