"""Repositories of CVMFS and the looks at them. Nothing here reads from a repository: only the child processes do."""
import os
import subprocess
import sys
import time

FOLDER = os.path.dirname(os.path.abspath(__file__))
LOOK = os.path.join(FOLDER, 'look.py')
FETCH = os.path.join(FOLDER, 'fetch.py')


class Child:
    """A child process that touches a repository, under way or done."""

    def __init__(self, program, *arguments):
        self.started = time.monotonic()
        self.ended = None
        self.killed = False
        # -I and -S leave out everything that a look does not need. What it prints fits into the pipe, so it never waits
        # for us.
        command = [sys.executable, '-I', '-S', program, *arguments]
        self.child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def running(self):
        if self.child.poll() is None:
            return True
        if self.ended is None:
            self.ended = time.monotonic()
        return False

    def seconds(self):
        return (self.ended or time.monotonic()) - self.started

    def kill(self):
        """May have no effect for as long as the kernel waits for CVMFS."""
        self.killed = True
        self.child.kill()

    def result(self):
        """Whether it was good, and what it printed. Only of one that has ended."""
        with self.child.stdout as output:
            text = output.read().decode('utf-8', 'replace').strip()
        return self.child.returncode == 0, text


class Look(Child):
    """One look at what must always be readable, the cache's or not."""

    def __init__(self, path, root):
        super().__init__(LOOK, path, root)


class Repository:
    """A repository and what the last look at it gave."""

    def __init__(self, base, name, path, say, required=True):
        self.name, self.say, self.required = name, say, required
        self.root = os.path.join(base, name)
        self.path = os.path.join(self.root, path) if path else self.root
        self.look = None
        self.well = None
        self.seconds = 0.0
        self.last_update = None
        # By the client's own count, which moves with any reader's error; None: the client does not say.
        self.io_errors = None

    def begin(self):
        """Starts a look, unless an earlier one still hangs."""
        if self.look is not None and not self.look.running():
            self.look.result()
            self.look = None
        if self.look is None:
            self.look = Look(self.path, self.root)

    def pending(self):
        """Whether a look of this round is under way."""
        return not self.look.killed and self.look.running()

    def finish(self):
        """Takes the result of the round's look. One that did not end in time is killed and is a bad one."""
        if self.hung():
            return
        if self.look.running():
            self._judge(False, 'no answer in %.0f s' % self.look.seconds())
            self.look.kill()
            return
        good, text = self.look.result()
        self._judge(good, text.splitlines()[-1] if text else 'exit %d' % self.look.child.returncode)
        if good:
            self.last_update = epoch(text)
            self.io_errors = io_errors(text)
        self.look = None

    def hung(self):
        """Whether the last look did not end in time."""
        look = self.look
        return look is not None and look.killed

    def _judge(self, well, why):
        if well != self.well:
            self.say('%s: %s' % (self.name, 'well' if well else 'NOT WELL: %s' % why))
        self.well, self.seconds = well, self.look.seconds()


def epoch(text):
    """The last field of `date | host | epoch`, or None."""
    try:
        return float(text.splitlines()[0].rpartition('|')[2])
    except (IndexError, ValueError):
        return None


def io_errors(text):
    """The client's count of input/output errors, from the look's last line, or None."""
    word, _, count = text.splitlines()[-1].partition(' ') if text else ('', '', '')
    return int(count) if word == 'io-errors' and count.isdigit() else None
