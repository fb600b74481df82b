"""Neutron's security groups as nftables rules for the lab's network namespace; pure functions over database rows.

All machines are on one bridge whose packets also pass the namespace's IPv4 hooks (bridge-nf-call-iptables), so one
connection table serves every port: a connection begins only if the sender's groups let it out and the receiver's let it
in, and then its packets pass both ways. Egress is judged before address translation and ingress after it, which is what
a filter at either port sees. A port whose rules are not loaded yet gets and sends nothing.
"""
import collections
import ipaddress

QUERIES = {
    'ports': """select p.id, p.mac_address, coalesce(s.port_security_enabled, 1) from neutron.ports p
        left join neutron.portsecuritybindings s on s.port_id = p.id where p.device_owner like 'compute:%'""",
    'fixed': "select port_id, ip_address from neutron.ipallocations where port_id is not null",
    'pairs': "select port_id, mac_address, ip_address from neutron.allowedaddresspairs",
    'groups': "select port_id, security_group_id from neutron.securitygroupportbindings",
    'rules': """select security_group_id, direction, ethertype, protocol, port_range_min, port_range_max,
        remote_ip_prefix, remote_group_id, remote_address_group_id from neutron.securitygrouprules""",
    'addressGroups': "select address_group_id, address from neutron.address_associations",
}

Rule = collections.namedtuple('Rule', 'group direction ethertype protocol low high prefix remote_group address_group')

# Names that Neutron takes for protocols of IPv4, and their numbers.
PROTOCOLS = {'icmp': 1, 'igmp': 2, 'ipip': 4, 'tcp': 6, 'egp': 8, 'udp': 17, 'dccp': 33, 'gre': 47, 'esp': 50, 'ah': 51,
             'ospf': 89, 'pgm': 113, 'vrrp': 112, 'sctp': 132, 'udplite': 136, 'rsvp': 46}
WITH_PORTS = {6: 'tcp', 17: 'udp', 33: 'dccp', 132: 'sctp'}


def tap(port_id):
    """Name of a port's interface in the bridge."""
    return 'tap' + port_id[:11]


def rendered(rows):
    """Both tables as one input of `nft -f`, which replaces them in one transaction."""
    ports = sorted(rows['ports'])
    secure = [port for port in ports if port[2]]
    addresses = by_first((port, ip) for port, ip in rows['fixed'] if is_ipv4(ip))
    pairs = by_first((port, (mac, ip)) for port, mac, ip in rows['pairs'] if is_ipv4(ip))
    groups = by_first(rows['groups'])
    rules = by_first((row[0], Rule(*row)) for row in rows['rules'])
    return '\n'.join([
        *_fresh_table('bridge', 'lab_ports'), *_spoofing(ports, addresses, pairs), '}',
        *_fresh_table('ip', 'lab_groups'), *_sets(rows, addresses, pairs),
        *(line for port, _, _ in secure for line in _chains(port, sorted(groups[port]), rules)),
        *_hooks(secure, addresses, pairs), '}', ''])


def _fresh_table(family, name):
    return ['table %s %s' % (family, name), 'delete table %s %s' % (family, name), 'table %s %s {' % (family, name)]


def _spoofing(ports, addresses, pairs):
    """Neutron's port security: a port sends with its own MAC and addresses only, and no DHCP or IPv6 answers are faked."""
    lines = []
    for port, mac, secure in ports:
        if not secure:
            continue
        own = [(mac, ip) for ip in addresses[port]] + pairs[port]
        ips = literal(ip for _, ip in own)
        lines += [
            'chain from_%s {' % name(port),
            'ether saddr != { %s } counter drop' % ', '.join(sorted({m.lower() for m, _ in own} | {mac.lower()})),
            # A port without an address can ask nobody for one here: there is no DHCP.
            *(['ether type arp arp saddr ip != { 0.0.0.0, %s } counter drop' % ips,
               'ether type ip ip saddr != { %s } counter drop' % ips] if ips else ['counter drop']),
            # The lab is IPv4 only, so no port has an IPv6 address to send from.
            'ether type ip6 drop',
            '}']
    known = ['"%s" : %s' % (tap(port), 'jump from_' + name(port) if secure else 'accept') for port, _, secure in ports]
    return lines + [
        'chain sent {', 'type filter hook prerouting priority -350; policy accept;',
        *(['iifname vmap { %s }' % ', '.join(known)] if known else []),
        *(['iifname { %s } accept' % ', '.join('"%s"' % tap(p) for p, _, _ in ports)] if ports else []),
        'iifname "tap*" counter drop', '}',
        'chain received {', 'type filter hook postrouting priority 350; policy accept;',
        *(['oifname { %s } accept' % ', '.join('"%s"' % tap(p) for p, _, _ in ports)] if ports else []),
        'oifname "tap*" counter drop', '}']


def _sets(rows, addresses, pairs):
    """One set for each group that a rule names as its other side; who is in it may change at any time."""
    members = by_first((group, ip) for port, group in rows['groups']
                       for ip in addresses[port] + [pair for _, pair in pairs[port]])
    listed = by_first((group, cidr) for group, cidr in rows['addressGroups'] if is_ipv4(cidr))
    wanted = sorted({('group', rule[7]) for rule in rows['rules'] if rule[7]}
                    | {('list', rule[8]) for rule in rows['rules'] if rule[8]})
    lines = []
    for kind, group in wanted:
        found = literal((members if kind == 'group' else listed)[group])
        lines += ['set %s_%s {' % (kind, name(group)), 'type ipv4_addr; flags interval; auto-merge;',
                  *(['elements = { %s }' % found] if found else []), '}']
    return lines


def _chains(port, groups, rules):
    lines = []
    for direction in ('egress', 'ingress'):
        own = [rule for group in groups for rule in rules[group] if rule.direction == direction and rule.ethertype == 'IPv4']
        lines += ['chain %s_%s {' % (direction, name(port)), 'ct state invalid counter drop',
                  *sorted({accepted(rule) for rule in own}), 'counter drop', '}']
    return lines


def accepted(rule):
    """One rule in nft's words."""
    side = 'saddr' if rule.direction == 'ingress' else 'daddr'
    words = []
    if rule.prefix and ipaddress.ip_network(rule.prefix, strict=False).prefixlen:
        words.append('ip %s %s' % (side, rule.prefix))
    if rule.remote_group:
        words.append('ip %s @group_%s' % (side, name(rule.remote_group)))
    if rule.address_group:
        words.append('ip %s @list_%s' % (side, name(rule.address_group)))
    return ' '.join(words + _protocol(rule) + ['accept'])


def _protocol(rule):
    if rule.protocol in (None, '', 'any', '0'):
        return []
    number = PROTOCOLS.get(rule.protocol) or int(rule.protocol)
    low, high = rule.low, rule.high
    if number == 1 and low is not None:
        return ['icmp type %d' % low] + (['icmp code %d' % high] if high is not None else [])
    if number in WITH_PORTS and low is not None:
        return ['%s dport %d-%d' % (WITH_PORTS[number], low, low if high is None else high)]
    return ['ip protocol %d' % number]


def _hooks(secure, addresses, pairs):
    """Which chain judges a new connection, by the address it comes from and the one it goes to."""
    owner = {}
    for port, _, _ in secure:
        # An address that several ports may use is judged by the rules of the first.
        for ip in addresses[port] + [pair for _, pair in pairs[port]]:
            owner.setdefault(ip, port)
    lines = []
    for chain, hook, side, direction in (('leave', 'prerouting priority -150', 'saddr', 'egress'),
                                         ('arrive', 'postrouting priority 150', 'daddr', 'ingress')):
        choices = ['%s : goto %s_%s' % (ip, direction, name(port)) for ip, port in sorted(owner.items()) if '/' not in ip]
        lines += ['chain %s {' % chain, 'type filter hook %s; policy accept;' % hook, 'ct state established,related accept',
                  *(['ip %s vmap { %s }' % (side, ', '.join(choices))] if choices else []), '}']
    return lines


def by_first(pairs):
    found = collections.defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return found


def literal(addresses):
    """Addresses and networks as the elements of a set, each once and none inside another."""
    networks = ipaddress.collapse_addresses(ipaddress.ip_network(a, strict=False) for a in addresses)
    return ', '.join(str(n.network_address) if n.prefixlen == 32 else str(n) for n in networks)


def name(identifier):
    return identifier.replace('-', '')


def is_ipv4(address):
    return ':' not in address
