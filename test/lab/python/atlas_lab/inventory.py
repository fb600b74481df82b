"""Prints every resource of the signed-in project in every API as JSON: {kind: ["name (id)", ...]}."""
import concurrent.futures
import json
import sys

import openstack


def collect(cloud):
    project = cloud.current_project_id
    net, nova, lb = cloud.network, cloud.compute, cloud.load_balancer
    own = {'project_id': project}

    def magnum(path, key):
        items = cloud.container_infrastructure_management.get(path).json()[key]
        return [item['name'] + ' (' + item['uuid'] + ')' for item in items]

    def named(items):
        return ['%s (%s)' % (getattr(item, 'name', None) or '-', item.id) for item in items]

    kinds = {
        'servers': lambda: named(nova.servers(details=False)),
        'serverGroups': lambda: named(nova.server_groups()),
        'keypairs': lambda: named(nova.keypairs()),
        'ports': lambda: named(net.ports(**own)),
        'subnets': lambda: named(net.subnets(**own)),
        'networks': lambda: named(net.networks(**own)),
        'routers': lambda: named(net.routers(**own)),
        'floatingIps': lambda: ['%s (%s)' % (ip.floating_ip_address, ip.id) for ip in net.ips(**own)],
        'securityGroups': lambda: named(g for g in net.security_groups(**own) if g.name != 'default'),
        'images': lambda: named(cloud.image.images(owner=project)),
        'loadBalancers': lambda: named(lb.load_balancers(**own)),
        'listeners': lambda: named(lb.listeners(**own)),
        'pools': lambda: named(lb.pools(**own)),
        'healthMonitors': lambda: named(lb.health_monitors(**own)),
        'clusters': lambda: magnum('/clusters', 'clusters'),
        'clusterTemplates': lambda: magnum('/clustertemplates', 'clustertemplates'),
    }
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        futures = {kind: pool.submit(ask) for kind, ask in kinds.items()}
        return {kind: sorted(future.result()) for kind, future in futures.items()}


if __name__ == '__main__':
    json.dump(collect(openstack.connect()), sys.stdout)
