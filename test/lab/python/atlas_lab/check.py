"""Self-test of the lab's cloud as the ordinary user: one line a check, exit 1 when any failed.

Usage: check.py fake|nspawn   (with fake machines nothing boots: the checks that need a machine's own words are left out)
"""
import base64
import socket
import subprocess
import sys
import time

import openstack

CIDR = '10.99.0.0/24'
DEADLINE = 300


class Check:
    def __init__(self, cloud):
        self.cloud = cloud
        self.failed = 0

    def expect(self, what, ok, seen=''):
        print('%s  %s%s' % ('ok  ' if ok else 'FAIL', what, '' if ok else ': ' + str(seen)), flush=True)
        self.failed += not ok

    def until(self, what, ask, wanted):
        """Polls until `ask()` gives `wanted`; one line says how long it took or what was seen last."""
        begun, seen = time.monotonic(), None
        while time.monotonic() - begun < DEADLINE:
            seen = ask()
            if seen == wanted:
                self.expect('%s (%.1f s)' % (what, time.monotonic() - begun), True)
                return True
            time.sleep(0.2)
        self.expect(what, False, 'after %d s: %s' % (DEADLINE, seen))
        return False


def answer_once(address, port):
    """What a TCP service says by itself right after the connection, or '' when there is none."""
    done = subprocess.run(['curl', '-s', '--max-time', '3', 'http://%s:%d/' % (address, port)], capture_output=True)
    return done.stdout.decode()


def alive(address):
    """True when a machine's kernel answers: it accepts the connection or refuses it itself."""
    try:
        socket.create_connection((address, 22), 1).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return True


def load_balancer(check, subnet):
    lb_api = check.cloud.load_balancer
    lb = lb_api.create_load_balancer(name='lab-check', vip_subnet_id=subnet.id)

    def settled(what):
        check.until(what, lambda: lb_api.get_load_balancer(lb.id).provisioning_status, 'ACTIVE')
        rest = [o.provisioning_status for ask in (lb_api.listeners, lb_api.pools, lb_api.health_monitors) for o in ask()]
        check.expect(what + ': listeners, pools, monitors too', set(rest) <= {'ACTIVE'}, rest)

    settled('load balancer created')
    listener = lb_api.create_listener(
        name='lab-check', load_balancer_id=lb.id, protocol='TCP', protocol_port=6443, allowed_cidrs=['0.0.0.0/0'])
    settled('listener created')
    pool = lb_api.create_pool(
        name='lab-check', listener_id=listener.id, protocol='TCP', lb_algorithm='ROUND_ROBIN')
    settled('pool created')
    monitor = lb_api.create_health_monitor(pool_id=pool.id, type='TCP', delay=5, timeout=3, max_retries=3)
    settled('monitor created')
    # Its subnet's gateway address is on the bridge: a server there stands for a member.
    server = subprocess.Popen(
        [sys.executable, '-m', 'http.server', '--bind', '0.0.0.0', '18080', '--directory', '/etc/apt'],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        good = lb_api.create_member(
            pool, name='good', address=subnet.gateway_ip, protocol_port=18080, subnet_id=subnet.id)
        settled('member created')
        dead = lb_api.create_member(pool, name='dead', address='10.99.0.250', protocol_port=1, subnet_id=subnet.id)
        settled('second member created')
        check.until('bytes pass through the VIP', lambda: 'sources.list' in answer_once(lb.vip_address, 6443), True)
        passed = [bool(answer_once(lb.vip_address, 6443)) for _ in range(6)]
        check.expect('a dead member gets no connection', all(passed), passed)
        check.until('members are shown as they are', lambda: sorted(m.operating_status for m in lb_api.members(pool)),
                    ['ERROR', 'ONLINE'])
        floating = check.cloud.network.create_ip(
            floating_network_id=check.cloud.network.find_network('public').id, port_id=lb.vip_port_id)
        check.until('bytes pass through a floating address on the VIP',
                    lambda: bool(answer_once(floating.floating_ip_address, 6443)), True)
        check.until('the floating address is shown as active',
                    lambda: check.cloud.network.get_ip(floating.id).status, 'ACTIVE')
        check.cloud.network.delete_ip(floating)
        lb_api.update_listener(listener, timeout_client_data=3600000)
        settled('listener updated')
        lb_api.update_pool(pool, name='renamed')
        settled('pool updated')
        lb_api.update_member(good, pool, weight=5)
        settled('member updated')
        lb_api.update_health_monitor(monitor, delay=7)
        settled('monitor updated')
        lb_api.delete_member(dead, pool)
        settled('member deleted')
        lb_api.delete_health_monitor(monitor)
        settled('monitor deleted')
        lb_api.delete_pool(pool)
        settled('pool deleted')
        check.until('nothing answers without a pool', lambda: answer_once(lb.vip_address, 6443), '')
        lb_api.delete_listener(listener)
        settled('listener deleted')
    finally:
        server.terminate()
        server.wait()
    lb_api.delete_load_balancer(lb.id)
    gone(check, 'load balancer', lambda: list(lb_api.load_balancers()))


def cascade(check, subnet):
    lb_api = check.cloud.load_balancer
    lb = lb_api.create_load_balancer(name='lab-check-2', vip_subnet_id=subnet.id, listeners=[{
        'name': 'one', 'protocol': 'TCP', 'protocol_port': 80, 'default_pool': {
            'name': 'one', 'protocol': 'TCP', 'lb_algorithm': 'ROUND_ROBIN',
            'members': [{'address': '10.99.0.9', 'protocol_port': 80}]}}])
    check.until('load balancer created in one request',
                lambda: lb_api.get_load_balancer(lb.id).provisioning_status, 'ACTIVE')
    lb_api.delete_load_balancer(lb.id, cascade=True)
    gone(check, 'load balancer with all below it',
         lambda: list(lb_api.load_balancers()) + list(lb_api.listeners()) + list(lb_api.pools()))


def gone(check, what, ask):
    check.until(what + ' deleted', lambda: len(ask()), 0)


def machine(check, network, boots):
    nova = check.cloud.compute
    image, flavor = nova.find_image('debian-12-kubernetes'), nova.find_flavor('m1.control')
    port = check.cloud.network.create_port(
        network_id=network.id, name='lab-check', fixed_ips=[{'ip_address': '10.99.0.17'}])
    text = '#cloud-config\nruncmd:\n - [sh, -c, "echo lab-check says hello > /dev/console"]\n'
    server = nova.create_server(
        name='lab-check', image_id=image.id, flavor_id=flavor.id, networks=[{'port': port.id}], config_drive=True,
        user_data=base64.b64encode(text.encode()).decode())

    def status():
        return nova.get_server(server.id).status

    def reachable():
        return alive('10.99.0.17')

    def said():
        return nova.get_server_console_output(server.id)['output'].count('lab-check says hello')

    check.until('machine ACTIVE', status, 'ACTIVE')
    if boots:
        check.until('its user data ran, as its console tells', lambda: said() >= 1, True)
        # Only now: a machine that is not up yet is as unreachable as one whose group is closed.
        security_groups(check, port, reachable)
        check.until('its address answers', reachable, True)
        nova.reboot_server(server.id, 'HARD')
        check.until('machine ACTIVE after reboot', status, 'ACTIVE')
        check.until('its address answers after reboot', reachable, True)
    nova.stop_server(server.id)
    check.until('machine stopped', status, 'SHUTOFF')
    nova.start_server(server.id)
    check.until('machine started', status, 'ACTIVE')
    nova.delete_server(server.id)
    gone(check, 'machine', lambda: [s for s in nova.servers(details=False) if s.id == server.id])
    check.cloud.network.delete_port(port.id)


def security_groups(check, port, reachable):
    """The machine's group is the project's default one, which lets in its own members only."""
    net = check.cloud.network
    check.expect('its default group keeps the outside from it', not reachable())
    group = net.create_security_group(name='lab-check')
    net.update_port(port, security_groups=[group.id])
    check.expect('a group without rules does, too', not reachable())
    rule = net.create_security_group_rule(
        security_group_id=group.id, direction='ingress', ether_type='IPv4', protocol='tcp', port_range_min=22,
        port_range_max=22, remote_ip_prefix='10.99.0.0/24')
    check.until('a new rule opens its port', reachable, True)
    net.delete_security_group_rule(rule)
    check.until('and closes it when it is deleted', reachable, False)
    net.create_security_group_rule(
        security_group_id=group.id, direction='ingress', ether_type='IPv4', protocol='tcp', port_range_min=22,
        port_range_max=22)
    check.until('a rule without a source opens it to all', reachable, True)


def main():
    cloud = openstack.connect()
    check = Check(cloud)
    net = cloud.network
    network = net.create_network(name='lab-check')
    subnet = net.create_subnet(network_id=network.id, name='lab-check', ip_version=4, cidr=CIDR)
    router = net.create_router(
        name='lab-check', external_gateway_info={'network_id': net.find_network('public').id})
    net.add_interface_to_router(router, subnet_id=subnet.id)
    try:
        for part in (lambda: load_balancer(check, subnet), lambda: cascade(check, subnet),
                     lambda: machine(check, network, sys.argv[1] == 'nspawn')):
            try:
                part()
            except Exception as error:
                check.expect('no API error', False, repr(error))
    finally:
        for server in cloud.compute.servers(name='^lab-check$'):
            cloud.compute.delete_server(server.id, force=True)
            cloud.compute.wait_for_delete(server, wait=60)
        for lb in cloud.load_balancer.load_balancers():
            if lb.name.startswith('lab-check'):
                cloud.load_balancer.delete_load_balancer(lb.id, cascade=True)
                gone(check, lb.name, lambda lb=lb: list(cloud.load_balancer.load_balancers(id=lb.id)))
        net.remove_interface_from_router(router, subnet_id=subnet.id)
        for ip in net.ips(router_id=router.id):
            net.delete_ip(ip)
        net.delete_router(router)
        for port in net.ports(network_id=network.id, device_owner=''):
            net.delete_port(port)
        for group in net.security_groups(name='lab-check'):
            net.delete_security_group(group)
        net.delete_network(network)
    print('%s' % ('all checks passed' if not check.failed else '%d checks FAILED' % check.failed))
    return 1 if check.failed else 0


if __name__ == '__main__':
    sys.exit(main())
