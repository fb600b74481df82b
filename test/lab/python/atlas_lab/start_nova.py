"""Starts Nova's conductor, scheduler or compute: the library packages carry no commands of their own.

Nova loads a compute driver only from below nova.virt, so ours is registered there before compute starts.
Usage: start_nova.py conductor|scheduler|compute --config-file FILE
"""
import sys

import nova.monkey_patch  # noqa: F401  must come before anything that imports threads or sockets


def shorten_waits():
    """Two waits of Nova are meant for clouds that start once a year, and cost a lab 15 s at each start."""
    from nova.conductor import api as conductor
    from nova.servicegroup import api as servicegroup
    # Compute asks whether the conductor is there, and a question put before the conductor's queue exists is lost.
    conductor.API.wait_until_ready.__defaults__ = (1, 120)
    # A service is seen as up with its first report.
    servicegroup.INITIAL_REPORTING_DELAY = 0


def main():
    service = sys.argv.pop(1)
    shorten_waits()
    if service == 'compute':
        from atlas_lab import machine_driver
        sys.modules['nova.virt.atlas_lab'] = machine_driver
    module = __import__('nova.cmd.' + service, fromlist=['main'])
    sys.argv[0] = 'nova-' + service
    module.main()


if __name__ == '__main__':
    main()
