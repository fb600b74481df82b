"""One look at a path, in a process of its own: a file's first bytes, or the first name of a directory.

Usage: look.py PATH ROOT

After what it read it prints `io-errors N`, the count of the client that has ROOT mounted, if that client keeps one.

May block for ever, and then not even be killed. Imports next to nothing, since it starts for each repository in each round.
"""
import os
import sys

path = sys.argv[1]
try:
    if os.path.isdir(path):
        with os.scandir(path) as entries:
            first = next(entries, None)
        if first is None:
            sys.exit('the directory is empty')
        print(first.name)
    else:
        with open(path, 'rb') as file:
            sys.stdout.write(file.read(4096).decode('utf-8', 'replace'))
except OSError as error:
    sys.exit(str(error))
try:
    print('\nio-errors ' + os.getxattr(sys.argv[2], 'user.nioerr').decode())
except (OSError, IndexError):
    pass
