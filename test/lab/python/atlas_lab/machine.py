"""A machine of the lab: a systemd-nspawn container that is to its inside what a virtual machine would be.

Usage: machine.py create < spec.json | machine.py start|stop|destroy UUID | machine.py shutdown UUID SECONDS
All settings come from <state>/machines.json (see `Settings`); <state> is $LAB_STATE.

A process of its own for each request, apart from nova-compute: no eventlet here, and a machine outlives Nova. What is
on disk and in /proc is the only truth, so a request that was killed half-way is simply made again or destroyed.
"""
import contextlib
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time

from atlas_lab import cgroups, seed

BRIDGE = 'lab0'
NAMESPACE_PREFIX = 'atlas-lab-'
KILL_DEADLINE = 120.0
# What systemd gives the services of a real machine: soft and hard limit of open files.
OPEN_FILES = (1024, 524288)
# systemd as a container's first process powers the machine off for it.
POWER_OFF = signal.SIGRTMIN + 4
# Folders an overlay must not lie below: containerd makes overlays itself, etcd and the kubelet want a plain file system.
REAL_FOLDERS = ('containerd', 'kubelet', 'etcd')


class Settings:
    """Where things are: `imageRoot`, `containerdStore`, `cloneStore` (script SRC DST) in <state>/machines.json."""

    def __init__(self, state):
        self.state = state
        with open(os.path.join(state, 'machines.json')) as text:
            given = json.load(text)
        self.image_root = given['imageRoot']
        self.containerd_store = given.get('containerdStore')
        self.clone_store = given.get('cloneStore')


class Machine:
    def __init__(self, state, uuid):
        self.state, self.uuid = state, uuid
        self.folder = os.path.join(state, 'machines', uuid)
        self.root = os.path.join(self.folder, 'root')
        self.namespace = NAMESPACE_PREFIX + uuid[:8]

    def path(self, *parts):
        return os.path.join(self.folder, *parts)

    @property
    def spec(self):
        with open(self.path('spec.json')) as text:
            return json.load(text)

    @property
    def console(self):
        return os.path.join(self.state, 'consoles', self.spec['name'] + '.log')

    def pid(self):
        """Pid of the machine's nspawn, or None when it is off."""
        try:
            with open(self.path('pid.json')) as text:
                record = json.load(text)
        except (FileNotFoundError, ValueError):
            return None
        return record['pid'] if start_time(record['pid']) == record['startTime'] else None

    # ---- what a hypervisor does

    def create(self, spec):
        settings = Settings(self.state)
        os.makedirs(self.folder)
        for name in ('root', 'upper', 'work') + REAL_FOLDERS:
            os.mkdir(self.path(name))
        with open(self.path('spec.json'), 'w') as out:
            json.dump(spec, out)
        if settings.containerd_store:
            os.rmdir(self.path('containerd'))
            run(settings.clone_store, settings.containerd_store, self.path('containerd'))
        for name, content in seed.files(spec).items():
            target = self.path('upper', name)
            os.makedirs(os.path.dirname(target), mode=0o755, exist_ok=True)
            with open(target, 'wb') as out:
                out.write(content)
        # The console of an earlier machine of this name stays readable beside this one's.
        with contextlib.suppress(FileNotFoundError):
            os.replace(self.console, self.console + '.1')
        self.start()

    def start(self):
        if self.pid():
            return
        self._kill()
        # A machine that powered itself off leaves its network namespace; at power-on a kernel has no rule, set or device.
        self._unplug()
        settings, spec = Settings(self.state), self.spec
        self._plug(spec['ports'])
        if not os.path.ismount(self.root):
            layers = 'lowerdir=%s,upperdir=%s,workdir=%s' % (
                settings.image_root, self.path('upper'), self.path('work'))
            run('mount', '-t', 'overlay', self.namespace, '-o', layers, self.root)
        groups = cgroups.create(self.uuid)
        enter = 'for f in %s; do echo $$ > $f; done; exec "$@"' % ' '.join(groups)
        command = [
            *fresh_clock(), 'systemd-nspawn', '--quiet', '--directory=' + self.root, '--machine=' + spec['name'],
            '--uuid=' + self.uuid, '--boot', '--register=no', '--keep-unit', '--console=read-only',
            '--network-namespace-path=/run/netns/' + self.namespace, '--resolv-conf=off', '--timezone=off',
            '--link-journal=no', '--capability=all', '--system-call-filter=@known',
            # Swap is the host's: a machine shows a swap file of its own and must never reach the host's.
            '--system-call-filter=~swapon swapoff',
            '--rlimit=NOFILE=%d:%d' % (OPEN_FILES[0], open_files()), '--bind=/dev/fuse',
            '--bind=/dev/kmsg', *('--bind=%s:/var/lib/%s' % (self.path(n), n) for n in REAL_FOLDERS)]
        with open(self.console, 'ab') as console:
            nspawn = subprocess.Popen(
                ['sh', '-c', enter, 'sh', *command], stdin=subprocess.DEVNULL, stdout=console, stderr=console,
                start_new_session=True, cwd='/')
        with open(self.path('pid.json'), 'w') as out:
            json.dump({'pid': nspawn.pid, 'startTime': start_time(nspawn.pid)}, out)

    def shutdown(self, seconds):
        """As the power button does: the system inside ends its services, and is stopped when its time is up."""
        pid = self.pid()
        if pid:
            with open('/proc/%d/task/%d/children' % (pid, pid)) as children:
                for child in children.read().split():
                    os.kill(int(child), POWER_OFF)
            end = time.monotonic() + seconds
            while self.pid() and time.monotonic() < end:
                time.sleep(0.1)
        self.stop()

    def stop(self):
        """Off as by pulling the plug: what a program must survive, and the quickest."""
        self._kill()
        self._unplug()
        if os.path.ismount(self.root):
            run('umount', self.root)
        cgroups.remove(self.uuid)

    def destroy(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=False)

    # ---- how

    def _unplug(self):
        # Cables by name and now: with its namespace a cable would go at some later time, and the next machine on the
        # same port would take it for its own.
        with contextlib.suppress(FileNotFoundError):
            for port in self.spec['ports']:
                if has_link(port['tap']):
                    run('ip', 'link', 'del', port['tap'])
        if os.path.exists('/run/netns/' + self.namespace):
            run('ip', 'netns', 'del', self.namespace)

    def _plug(self, ports):
        """One virtual cable per port: its end in the machine has the port's MAC, the other is in the bridge."""
        run('ip', 'netns', 'add', self.namespace)
        for index, port in enumerate(ports):
            mtu = str(port['mtu'])
            run('ip', 'link', 'add', port['tap'], 'mtu', mtu, 'type', 'veth',
                'peer', 'name', seed.interface_name(index), 'mtu', mtu, 'address', port['mac'],
                'netns', self.namespace)
            run('ip', 'link', 'set', port['tap'], 'master', BRIDGE, 'up')

    def _kill(self):
        """Ends every process of the machine: its own network namespace tells them, and the first one's end takes its
        whole process namespace along, pods included."""
        end = time.monotonic() + KILL_DEADLINE
        while True:
            pids = {self.pid()} - {None} | processes_in('/run/netns/' + self.namespace)
            if not pids:
                return
            if time.monotonic() > end:
                raise RuntimeError('machine %s: processes %s survive SIGKILL' % (self.uuid, sorted(pids)))
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, 9)
            time.sleep(0.02)


def machines(state):
    folder = os.path.join(state, 'machines')
    return [Machine(state, uuid) for uuid in sorted(os.listdir(folder))]


def start_time(pid):
    """Start time of a living process in clock ticks after boot, as text; None for a zombie or none."""
    try:
        with open('/proc/%d/stat' % pid) as text:
            fields = text.read().rpartition(')')[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in 'ZX' else fields[19]


def processes_in(namespace):
    """Pids whose network namespace is the one of this file."""
    try:
        wanted = os.stat(namespace)
    except FileNotFoundError:
        return set()
    found = set()
    for entry in filter(str.isdigit, os.listdir('/proc')):
        with contextlib.suppress(OSError):
            seen = os.stat('/proc/%s/ns/net' % entry)
            if (seen.st_ino, seen.st_dev) == (wanted.st_ino, wanted.st_dev) and start_time(int(entry)):
                found.add(int(entry))
    return found


def fresh_clock():
    """Start of a command line that puts a machine into a time namespace where the host has just been switched on, so that
    its uptime and every "after boot" on its console count from its own power-on."""
    if not os.path.exists('/proc/self/ns/time'):
        return []
    offset = '-%d' % int(time.clock_gettime(time.CLOCK_BOOTTIME))
    return ['unshare', '--time', '--boottime=' + offset, '--monotonic=-%d' % int(time.monotonic())]


def open_files():
    """Hard limit of open files for a machine: a real one's, or the most this host lets us give."""
    wanted, (soft, hard) = OPEN_FILES[1], resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, wanted), wanted))
        return wanted
    except (ValueError, OSError):
        return min(hard, wanted)


def has_link(name):
    return subprocess.run(['ip', 'link', 'show', name], capture_output=True).returncode == 0


def run(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError('%s: exit %d: %s' % (' '.join(command), done.returncode, done.stderr.strip()))


def main():
    state = os.environ['LAB_STATE']
    action = sys.argv[1]
    if action == 'create':
        spec = json.load(sys.stdin)
        Machine(state, spec['uuid']).create(spec)
    elif action == 'shutdown':
        Machine(state, sys.argv[2]).shutdown(float(sys.argv[3]))
    else:
        getattr(Machine(state, sys.argv[2]), {'start': 'start', 'stop': 'stop', 'destroy': 'destroy'}[action])()


if __name__ == '__main__':
    main()
