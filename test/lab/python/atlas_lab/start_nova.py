"""Starts Nova's conductor, scheduler or compute: the library packages carry no commands of their own.

Nova loads a compute driver only from below nova.virt, so ours is registered there before compute starts.
Usage: start_nova.py conductor|scheduler|compute --config-file FILE
"""
import sys

import nova.monkey_patch  # noqa: F401  must come before anything that imports threads or sockets


def main():
    service = sys.argv.pop(1)
    if service == 'compute':
        from atlas_lab import machine_driver
        sys.modules['nova.virt.atlas_lab'] = machine_driver
    module = __import__('nova.cmd.' + service, fromlist=['main'])
    sys.argv[0] = 'nova-' + service
    module.main()


main()
