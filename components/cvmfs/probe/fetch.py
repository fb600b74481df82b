"""Reads one file of a repository that is hardly in the client's cache, in a process of its own.

Usage: fetch.py FOLDER SEED [FILE]

A file that was read before comes from the cache also when nothing can be fetched any more. So each time another file is
taken, by a walk from FOLDER that SEED decides: the same on all nodes at the same time, so that the site's squids fetch it
once. FILE is read instead of one of the walk. Prints `ok FILE`, `failed FILE: why`, or `none` when there is no such file.
May block as long as the client tries its servers.
"""
import errno
import itertools
import os
import sys
import zlib

# Files of a folder that are considered, folders of a way, ways; a walk of a large repository must not load many catalogs.
MOST_NAMES = 300
DEPTH = 5
WAYS = 8
LARGEST = 64 * 1024
# The file is gone with a new revision, or is not everybody's: nothing is wrong with fetching.
HARMLESS = (errno.ENOENT, errno.EACCES, errno.EPERM, errno.ELOOP, errno.EISDIR, errno.ENOTDIR)


def choice(values, *seed):
    return values[zlib.crc32('/'.join(map(str, seed)).encode()) % len(values)]


def walk(folder, seed):
    """A small regular file below the folder, or None."""
    for depth in range(DEPTH):
        with os.scandir(folder) as entries:
            names = sorted((one for one in itertools.islice(entries, MOST_NAMES) if one.name[0] != '.'),
                           key=lambda one: one.name)
        files = [one for one in names if one.is_file(follow_symlinks=False)]
        folders = [one for one in names if one.is_dir(follow_symlinks=False)]
        if files and (not folders or depth == DEPTH - 1 or choice((True, False), seed, depth, 'stay')):
            one = choice(files, seed, depth, 'file')
            return one.path if one.stat(follow_symlinks=False).st_size <= LARGEST else None
        if not folders:
            return None
        folder = choice(folders, seed, depth, 'folder').path
    return None


def attempt(folder, seed, file):
    """The line to print; None: try another way."""
    path = file or folder
    try:
        path = file or walk(folder, seed)
        if path is None:
            return None
        with open(path, 'rb', buffering=0) as opened:
            opened.read(LARGEST)
        return 'ok ' + path
    except OSError as error:
        return None if error.errno in HARMLESS else 'failed %s: %s' % (path, error.strerror)


def main():
    folder, seed = sys.argv[1:3]
    file = sys.argv[3] if len(sys.argv) > 3 else None
    ways = [(file, seed)] if file else []
    ways += [(None, '%s/%d' % (seed, way)) for way in range(WAYS)]
    for path, way in ways:
        line = attempt(folder, way, path)
        if line is not None:
            print(line)
            return
    print('none')


main()
