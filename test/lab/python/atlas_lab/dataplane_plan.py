"""What the data plane should look like, from rows of Octavia's and Neutron's databases; pure functions."""
import ipaddress

from atlas_lab import security_groups

QUERIES = {
    'gateways': "select gateway_ip, cidr from neutron.subnets where gateway_ip is not null and ip_version = 4",
    'vips': """select lb.id, vip.ip_address from octavia.load_balancer lb join octavia.vip vip
        on vip.load_balancer_id = lb.id where lb.provisioning_status <> 'DELETED' and lb.enabled
        and vip.ip_address is not null""",
    'listeners': """select id, load_balancer_id, protocol_port, default_pool_id, timeout_client_data from octavia.listener
        where provisioning_status not in ('DELETED', 'PENDING_DELETE') and enabled""",
    'cidrs': "select listener_id, cidr from octavia.listener_cidr",
    'members': """select m.id, m.pool_id, m.ip_address, m.protocol_port, m.operating_status, h.id, h.type, h.url_path
        from octavia.member m
        left join octavia.health_monitor h on h.pool_id = m.pool_id and h.enabled
        where m.provisioning_status not in ('DELETED', 'PENDING_DELETE') and m.enabled""",
    'floating': """select f.id, f.floating_ip_address, f.fixed_ip_address, f.status, gate.ip_address from neutron.floatingips f
        left join neutron.routers r on r.id = f.router_id
        left join neutron.ipallocations gate on gate.port_id = r.gw_port_id
        where f.fixed_port_id is not null or f.status <> 'DOWN'""",
    **security_groups.QUERIES,
}


def wanted_addresses(rows):
    """Addresses the bridge should have."""
    gateways = {'%s/%s' % (ip, cidr.rpartition('/')[2]) for ip, cidr in rows['gateways']}
    single = {ip for _, ip in rows['vips']} | {f[1] for f in rows['floating'] if f[2]}
    return gateways | {ip + '/32' for ip in single}


# Failed checks in a row that take a member out, as with the site's own monitor.
DOWN_AFTER = 3


def judged(healthy, failed, answers):
    """Which members are up after a round of checks, and each one's failures in a row. One answer lets a member in; one that
    is up goes with the third failure, since each time nobody is left, whoever connects is refused."""
    counts = {member: 0 if up else failed.get(member, 0) + 1 for member, up in answers.items()}
    return {m: up or (healthy.get(m, False) and counts[m] < DOWN_AFTER) for m, up in answers.items()}, counts


def wanted_listeners(rows, healthy):
    """Listeners by (address, port): id, members that may get connections, allowed networks, idle limit in seconds."""
    vips = dict(rows['vips'])
    found = {}
    for listener, balancer, port, pool, idle in rows['listeners']:
        if balancer not in vips:
            continue
        found[vips[balancer], port] = {
            'name': listener,
            'members': sorted((m[2], m[3]) for m in rows['members']
                              if pool and m[1] == pool and (not m[5] or healthy.get((m[2], m[3])))),
            'allowed': [ipaddress.ip_network(cidr) for owner, cidr in rows['cidrs'] if owner == listener],
            'idle': (idle or 50000) / 1000.0,
        }
    return found


def nat_rules(rows, outside):
    """Address translation in iptables-restore's form.

    `outside`: network beyond the routers. Clients there are seen with their own addresses; to a machine that uses
    another's floating address, its router gives the router's outer address, and so the answer comes back by the router.
    """
    floating = sorted((f for f in rows['floating'] if f[2]), key=lambda f: f[1])
    lines = ['*nat', ':LAB-FLOATING - [0:0]', ':LAB-HAIRPIN - [0:0]', '-F LAB-FLOATING', '-F LAB-HAIRPIN']
    lines += ['-A LAB-FLOATING -d %s/32 -j DNAT --to-destination %s' % (f[1], f[2]) for f in floating]
    lines += ['-A LAB-HAIRPIN -d %s/32 ! -s %s -m conntrack --ctstate DNAT --ctorigdst %s -j %s' % (
        f[2], outside, f[1], 'SNAT --to-source ' + f[4] if f[4] else 'MASQUERADE') for f in floating]
    return '\n'.join(lines + ['COMMIT', ''])
