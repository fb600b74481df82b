"""Data plane of the lab: makes addresses, load balancers and floating addresses real inside its network namespace.

Every PERIOD it reads what Octavia and Neutron have in their databases and brings the bridge, the listeners and the
address translation to it. There is no other state: killed and started again it is back where it was.
Usage: dataplane.py, with LAB_SQL_SOCKET naming the database's socket.
"""
import asyncio
import logging
import os
import ssl
import subprocess
import time

import pymysql

from atlas_lab import dataplane_plan as plan
from atlas_lab import proxy, security_groups

LOG = logging.getLogger('dataplane')
BRIDGE = 'lab0'
OUTSIDE = '203.0.113.0/24'
PERIOD = 0.3
# A member is checked at least this often, whatever its monitor says: a lab should not wait.
CHECK_PERIOD = 1.0
# On a busy host a healthy API server may take seconds to say that it is.
CHECK_TIMEOUT = 5.0
# One that is not in may not be there at all, and addresses and listeners wait for the end of its check.
FIRST_CHECK_TIMEOUT = 1.5
# As an amphora's monitor does: it asks whether the member works, not who it is.
ANY_CERTIFICATE = ssl.create_default_context()
ANY_CERTIFICATE.check_hostname = False
ANY_CERTIFICATE.verify_mode = ssl.CERT_NONE


def read(database):
    """Rows by query name."""
    with database.cursor() as cursor:
        rows = {}
        for name, query in plan.QUERIES.items():
            cursor.execute(query)
            rows[name] = cursor.fetchall()
        return rows


class DataPlane:
    def __init__(self, database):
        self.database = database
        self.addresses, self.nat, self.groups, self.listeners = None, None, None, {}
        self.healthy, self.failed, self.checked = {}, {}, 0.0

    async def once(self):
        rows = read(self.database)
        # First: a machine that is being started has no network until its rules are there.
        self.set_groups(security_groups.rendered(rows))
        self.set_addresses(plan.wanted_addresses(rows))
        self.set_nat(plan.nat_rules(rows, OUTSIDE))
        if time.monotonic() - self.checked > CHECK_PERIOD or self.unknown(rows):
            await self.check_members(rows)
        await self.set_listeners(plan.wanted_listeners(rows, self.healthy))
        self.report(rows)

    def set_addresses(self, wanted):
        if self.addresses is None:
            run('ip', 'address', 'flush', 'dev', BRIDGE)
            self.addresses = set()
        for address in sorted(self.addresses - wanted):
            LOG.info('address %s goes', address)
            run('ip', 'address', 'del', address, 'dev', BRIDGE)
            self.addresses.discard(address)
        for address in sorted(wanted - self.addresses):
            LOG.info('address %s comes', address)
            run('ip', 'address', 'replace', address, 'dev', BRIDGE)
            self.addresses.add(address)

    def set_groups(self, rules):
        if rules != self.groups:
            run('nft', '-f', '-', feed=rules)
            self.groups = rules

    def set_nat(self, rules):
        if self.nat is None:
            for chain in ('PREROUTING', 'OUTPUT'):
                run('iptables', '-t', 'nat', '-F', chain)
            run('iptables', '-t', 'nat', '-F', 'POSTROUTING')
            run('iptables-restore', '--noflush', feed=rules)
            for chain in ('PREROUTING', 'OUTPUT'):
                run('iptables', '-t', 'nat', '-A', chain, '-j', 'LAB-FLOATING')
            run('iptables', '-t', 'nat', '-A', 'POSTROUTING', '-j', 'LAB-HAIRPIN')
        elif rules != self.nat:
            run('iptables-restore', '--noflush', feed=rules)
        self.nat = rules

    def unknown(self, rows):
        return any((m[2], m[3]) not in self.healthy for m in rows['members'] if m[5])

    async def check_members(self, rows):
        checks = {(m[2], m[3]): m[6:8] for m in rows['members'] if m[5]}
        targets = sorted(checks)
        before = self.healthy
        patience = {target: CHECK_TIMEOUT if before.get(target) else FIRST_CHECK_TIMEOUT for target in targets}
        answers = await asyncio.gather(*(is_up(*target, *checks[target], patience[target]) for target in targets))
        self.healthy, self.failed = plan.judged(before, self.failed, dict(zip(targets, answers, strict=True)))
        for target, up in self.healthy.items():
            if before.get(target) != up:
                LOG.info('member %s:%d is %s', *target, 'up' if up else 'down')
        self.checked = time.monotonic()

    async def set_listeners(self, wanted):
        for key in set(self.listeners) - set(wanted):
            LOG.info('listener %s:%d closed', *key)
            self.listeners.pop(key).close()
        for key, given in wanted.items():
            if key not in self.listeners:
                listener = proxy.Listener(given['name'], *key)
                await listener.open()
                self.listeners[key] = listener
                LOG.info('listener %s:%d open', *key)
            listener = self.listeners[key]
            listener.members, listener.allowed, listener.idle = given['members'], given['allowed'], given['idle']
            listener.drop_idle()

    def report(self, rows):
        """What the APIs show of all this: members' health, floating addresses that work."""
        with self.database.cursor() as cursor:
            for member, _, ip, port, seen, monitor, _, _ in rows['members']:
                state = 'NO_MONITOR' if not monitor else 'ONLINE' if self.healthy.get((ip, port)) else 'ERROR'
                if state != seen:
                    cursor.execute("update octavia.member set operating_status = %s where id = %s"
                                   " and provisioning_status = 'ACTIVE'", (state, member))
            for floating, _, fixed, seen, _ in rows['floating']:
                state = 'ACTIVE' if fixed else 'DOWN'
                if state != seen:
                    cursor.execute('update neutron.floatingips set status = %s where id = %s', (state, floating))


async def is_up(address, port, kind, path, patience):
    """One check of a member: an HTTPS monitor wants a 200 for its path, every other a TCP connection."""
    try:
        return await asyncio.wait_for(check(address, port, path if kind == 'HTTPS' else None), patience)
    except (TimeoutError, OSError):
        return False


async def check(address, port, path):
    reader, writer = await asyncio.open_connection(address, port, ssl=ANY_CERTIFICATE if path else None)
    try:
        if not path:
            return True
        writer.write(b'GET %s HTTP/1.0\r\n\r\n' % path.encode())
        return (await reader.readline()).split()[1:2] == [b'200']
    finally:
        writer.close()


def run(*command, feed=None):
    done = subprocess.run(command, input=feed, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError('%s: exit %d: %s' % (' '.join(command), done.returncode, done.stderr.strip()))


async def main():
    logging.basicConfig(level=logging.INFO, format='%(asctime)s %(message)s')
    plane = DataPlane(None)
    while True:
        try:
            # Made anew after any error; addresses, listeners and connections stay as they are meanwhile.
            plane.database = plane.database or pymysql.connect(
                unix_socket=os.environ['LAB_SQL_SOCKET'], user='root', autocommit=True)
            await plane.once()
        except Exception as error:
            # Schemas that are not there yet, or a row that changed meanwhile: the next round sees it anew.
            LOG.warning('not settled: %r', error)
            if plane.database:
                plane.database.close()
            plane.database = None
            await asyncio.sleep(1)
        await asyncio.sleep(PERIOD)


if __name__ == '__main__':
    asyncio.run(main())
