"""Looks at every CVMFS repository of this node, taints the node while one cannot be read or nothing new of it fetched, and
says so in metrics.

Usage: cvmfs_probe.py SETTINGS.json [ACCOUNT_FOLDER]; the node's name is in $NODE_NAME

A read from a hung CVMFS can block for ever, and the kernel may not even let the reader be killed. So this process never
touches the repositories: each look is a child process with a time limit, and a repository whose child does not end gets
no second one. Standard library only.
"""
import http.server
import json
import os
import signal
import sys
import threading
import time

import node_taint
from fetching import Fetching
from repository import Repository

METRIC = 'atlas_site_cvmfs_'


def say(text):
    print(text, flush=True)


class Probe:
    """Rounds of looks, and the verdict on the node."""

    def __init__(self, settings, node):
        self.period, self.timeout = settings['periodSeconds'], settings['timeoutSeconds']
        self.lift_after = settings['liftAfterRounds']
        self.repositories = [
            Repository(settings['base'], one['name'], one.get('path', ''), say, one.get('required', True))
            for one in settings['repositories']]
        # One after the other within the period, so that a fault of all is noticed by the first.
        required = [one for one in self.repositories if one.required]
        period = settings['fetchSeconds']
        self.fetching = {
            one: Fetching(one, period, place * period / len(required), say) for place, one in enumerate(required)}
        self.node = node
        # A probe that has seen nothing bad frees a new node after its first good round.
        self.good_needed = 1
        self.tainted = None
        self.taint_in_sync = False
        self.rounds = 0
        self.last_round = time.monotonic()

    def round(self):
        started = time.monotonic()
        for repository in self.repositories:
            repository.begin()
        while any(one.pending() for one in self.repositories) and time.monotonic() - started < self.timeout:
            time.sleep(0.02)
        for repository in self.repositories:
            repository.finish()
        for one in self.fetching.values():
            one.step()
        if all(one.well and self.fetching[one].can is not False for one in self.fetching):
            self.good_needed = max(0, self.good_needed - 1)
        else:
            self.good_needed = self.lift_after
        self.tainted = self.good_needed > 0
        self.taint_in_sync = self.node.settle(self.tainted)
        self.rounds += 1
        self.last_round = time.monotonic()

    def _can_fetch(self, repository):
        return self.fetching[repository].can if repository in self.fetching else None

    def run(self):
        while True:
            self.round()
            # From its end, however long it took: good rounds in a row must be some time apart to mean something.
            time.sleep(self.period)

    def alive(self):
        """Rounds go on. A call to the API may take its full time at each try."""
        longest = self.period + self.timeout + 2 * node_taint.CONFLICT_TRIES * node_taint.API_SECONDS
        return time.monotonic() - self.last_round < 2 * longest

    def metrics(self):
        lines = []

        def family(name, text, samples):
            lines.append('# HELP %s%s %s' % (METRIC, name, text))
            lines.append('# TYPE %s%s %s' % (METRIC, name, 'counter' if name.endswith('_total') else 'gauge'))
            lines.extend('%s%s%s %s' % (METRIC, name, labels, value) for labels, value in samples)

        def each(of):
            values = [(one.name, of(one)) for one in self.repositories]
            return [('{repository="%s"}' % name, value) for name, value in values if value is not None]

        now = time.time()
        family('repository_up', '1: the last look at it was good.',
               each(lambda one: None if one.well is None else int(one.well)))
        family('probe_duration_seconds', 'Duration of the last probe of the repository.', each(lambda one: '%.3f' % one.seconds))
        family('fetch_up', '1: what is not in the cache can be fetched. Absent: nothing was fetched yet.',
               each(lambda one: None if self._can_fetch(one) is None else int(self._can_fetch(one))))
        family('fetch_duration_seconds', 'Duration of the last read of a file that was hardly in the cache.',
               each(lambda one: '%.3f' % self.fetching[one].seconds if one in self.fetching else None))
        family('io_errors_total', 'Errors that the client gave to readers, by its own count.',
               each(lambda one: one.io_errors))
        family('last_update_age_seconds', 'Age of what the repository says was its last update.',
               each(lambda one: None if one.last_update is None else '%.0f' % (now - one.last_update)))
        family('probes_hung', 'Probes that did not end in time and had to be killed.',
               [('', sum(one.hung() for one in self.repositories))])
        family('node_tainted', '1: no job should come to this node.', [('', int(self.tainted is not False))])
        family('taint_in_sync', '1: the taint on the Node object is as the probe wants it.', [('', int(self.taint_in_sync))])
        family('rounds_total', 'Rounds of looks.', [('', self.rounds)])
        family('api_errors_total', 'Rounds in which the Kubernetes API could not be worked with.',
               [('', self.node.errors)])
        return '\n'.join(lines) + '\n'


def handler_of(probe):
    """Answers of the port: metrics, and the kubelet's two questions."""

    class Handler(http.server.BaseHTTPRequestHandler):
        timeout = 5

        def do_GET(self):
            if self.path == '/metrics':
                self._answer(200, probe.metrics())
            elif self.path == '/healthz':
                self._answer(200 if probe.alive() else 503, 'rounds done: %d\n' % probe.rounds)
            elif self.path == '/readyz':
                # Of the probe, not of CVMFS: a new version must come to nodes whose CVMFS hangs, too.
                self._answer(200 if probe.taint_in_sync else 503, 'the node is %sas it should be\n' % (
                    '' if probe.taint_in_sync else 'not yet '))
            else:
                self._answer(404, 'there are /metrics, /healthz and /readyz\n')

        def _answer(self, status, text):
            body = text.encode()
            self.send_response(status)
            self.send_header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
            self.send_header('Content-Length', str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler


def main():
    # The first process of a container has no default handling: without this it would outlive its grace period.
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    with open(sys.argv[1]) as file:
        settings = json.load(file)
    account = sys.argv[2] if len(sys.argv) > 2 else node_taint.ACCOUNT
    probe = Probe(settings, node_taint.Node(os.environ['NODE_NAME'], settings['taint'], say, account))
    server = http.server.ThreadingHTTPServer(('', settings['port']), handler_of(probe))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    say('looks at %s every %d s' % (', '.join(one.name for one in probe.repositories), probe.period))
    probe.run()


if __name__ == '__main__':
    main()
