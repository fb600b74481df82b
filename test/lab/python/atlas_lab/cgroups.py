"""Control groups of a machine: /lab/<name> in every hierarchy of the host.

The machine's first process is put there before it starts, so that the cgroup namespace nspawn makes has its root there
and machines never meet in each other's groups.
"""
import os
import time

ROOT = '/sys/fs/cgroup'


def is_unified(root=ROOT):
    """True on a host with cgroup v2 alone."""
    return os.path.exists(os.path.join(root, 'cgroup.controllers'))


def hierarchies(root=ROOT):
    """Folders where a hierarchy begins: one on v2, one a controller on v1 and hybrid hosts (`systemd` included)."""
    if is_unified(root):
        return [root]
    found = {}
    for name in sorted(os.listdir(root)):
        path = os.path.join(root, name)
        # cpu and cpuacct may be links to one hierarchy.
        if os.path.exists(os.path.join(path, 'cgroup.procs')):
            found[os.stat(path).st_ino, os.stat(path).st_dev] = os.path.realpath(path)
    return sorted(found.values())


def create(name, root=ROOT):
    """Makes the machine's group everywhere; returns the `cgroup.procs` files its first process has to be written to."""
    made = []
    for hierarchy in hierarchies(root):
        path = hierarchy
        for part in ('lab', name):
            _offer_controllers(path, root)
            parent, path = path, os.path.join(path, part)
            os.makedirs(path, exist_ok=True)
            # A new v1 cpuset is empty, and no process may enter an empty one.
            if not is_unified(root):
                for setting in ('cpuset.cpus', 'cpuset.mems'):
                    _inherit(parent, path, setting)
        made.append(os.path.join(path, 'cgroup.procs'))
    return made


def remove(name, root=ROOT, deadline=120.0):
    """Removes the machine's groups with all below. A killed process is there until the disk has taken what it was
    writing, which on a busy host is more than a moment: a log shipper and a Prometheus write all the time."""
    end = time.monotonic() + deadline
    for hierarchy in hierarchies(root):
        path = os.path.join(hierarchy, 'lab', name)
        while os.path.isdir(path):
            try:
                for folder, _, _ in os.walk(path, topdown=False):
                    os.rmdir(folder)
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)


def _offer_controllers(path, root):
    """cgroup v2 gives a group only the controllers its parent offers."""
    if not is_unified(root):
        return
    control = os.path.join(path, 'cgroup.subtree_control')
    with open(os.path.join(path, 'cgroup.controllers')) as available:
        wanted = ' '.join('+' + name for name in available.read().split())
    with open(control, 'w') as offer:
        offer.write(wanted)


def _inherit(parent, path, setting):
    source, target = os.path.join(parent, setting), os.path.join(path, setting)
    if not (os.path.exists(source) and os.path.exists(target)):
        return
    with open(target) as now:
        if now.read().strip():
            return
    with open(source) as value, open(target, 'w') as out:
        out.write(value.read())
