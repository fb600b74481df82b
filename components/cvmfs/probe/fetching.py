"""Whether a node can still fetch from a repository what its cache does not have."""
import os
import time

from repository import FETCH, Child

# Longer than the client takes to give up with its usual servers and time limits (26 s were seen).
TIMEOUT_SECONDS = 60.0
# One file may be damaged on the servers; of two that failed neither was in the cache, and nothing of the kind is.
FAILURES = 2
# A single file that failed is forgotten when so many others could be read since.
FORGET_AFTER = 3
MOST_SUSPECTS = 5


class Fetching:
    """Reads a new file of a repository from time to time, and what failed again until it is there."""

    def __init__(self, repository, period, offset, say):
        self.repository, self.period, self.offset, self.say = repository, period, offset, say
        self.child = None
        self.slot = None
        self.tries = 0
        self.seen_errors = None
        # Files that failed and so are not in the cache: whichever of them can be read was fetched.
        self.suspects = []
        self.good_since = 0
        # None: nothing was fetched yet, or there is nothing to fetch.
        self.can = None
        self.seconds = 0.0

    def step(self):
        """Takes the result of a read that ended, ends one that takes too long, begins one that is due. Does not wait."""
        if self.child is not None:
            if self.child.running():
                if not self.child.killed and self.child.seconds() > TIMEOUT_SECONDS:
                    self._failed('(no answer) %s' % self.slot, 'no answer in %.0f s' % self.child.seconds())
                    self.child.kill()
                return
            killed, self.seconds = self.child.killed, self.child.seconds()
            _, text = self.child.result()
            self.child = None
            if not killed:
                self._judge(text.splitlines()[-1] if text else '')
        if self._due():
            self.tries += 1
            # Once nothing can be fetched, one suspect after the other is tried; before that, new files show whether it was one.
            again = [self.suspects[self.tries % len(self.suspects)]] if self.can is False else []
            arguments = [one for one in again if os.path.isabs(one)]
            seed = '%d' % self.slot if not self.suspects else '%d.%d' % (self.slot, self.tries)
            self.child = Child(FETCH, self.repository.root, seed, *arguments)

    def _due(self):
        slot = int((time.time() + self.offset) / self.period)
        errors, before = self.repository.io_errors, self.seen_errors
        self.seen_errors = errors
        others_failed = errors is not None and before is not None and errors > before
        due = slot != self.slot or bool(self.suspects) or others_failed
        self.slot = slot
        return due

    def _judge(self, line):
        word, _, rest = line.partition(' ')
        if word == 'ok':
            self.good_since += 1
            if rest in self.suspects or self.good_since >= FORGET_AFTER or not self.suspects:
                self.suspects.clear()
                self._set(True, '')
        elif word == 'failed':
            path, _, why = rest.rpartition(': ')
            self._failed(path, '%s: %s' % (path, why))
        elif word != 'none':
            self._failed('(no result) %s' % self.slot, line or 'no output')

    def _failed(self, path, why):
        self.good_since = 0
        if path not in self.suspects:
            self.suspects = (self.suspects + [path])[-MOST_SUSPECTS:]
        if len(self.suspects) >= FAILURES:
            self._set(False, why)
        elif self.can is not False:
            self.say('%s: one file could not be fetched: %s' % (self.repository.name, why))

    def _set(self, can, why):
        if can != self.can and (not can or self.can is False):
            self.say('%s: %s' % (self.repository.name, 'can be fetched again' if can else 'NOTHING NEW CAN BE FETCHED: %s' % why))
        self.can = can
