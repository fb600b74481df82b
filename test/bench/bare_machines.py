"""Machines by hand for the rebuild benchmark: network, subnet, ports with fixed addresses, servers, all at once.

Usage: bare_machines.py create < machines.json | bare_machines.py destroy; credentials by OS_*.
"""
import base64
import concurrent.futures
import json
import sys

import openstack

NAME = 'bare'
DEADLINE = 180


def create(cloud, machines):
    network = cloud.network.create_network(name=NAME)
    subnet = cloud.network.create_subnet(network_id=network.id, name=NAME, ip_version=4, cidr='10.64.0.0/22')
    image = cloud.image.find_image('debian-12-kubernetes')
    flavors = {flavor.name: flavor.id for flavor in cloud.compute.flavors()}

    def make(machine):
        port = cloud.network.create_port(
            network_id=network.id, name=machine['name'],
            fixed_ips=[{'subnet_id': subnet.id, 'ip_address': machine['address']}])
        server = cloud.compute.create_server(
            name=machine['name'], image_id=image.id, flavor_id=flavors[machine['flavor']], config_drive=True,
            networks=[{'port': port.id}], user_data=base64.b64encode(machine['userData'].encode()).decode())
        cloud.compute.wait_for_server(server, wait=DEADLINE)

    with concurrent.futures.ThreadPoolExecutor(len(machines)) as pool:
        list(pool.map(make, machines))


def destroy(cloud):
    for server in cloud.compute.servers(name='^%s-' % NAME):
        cloud.compute.delete_server(server)
        cloud.compute.wait_for_delete(server, wait=DEADLINE)
    for network in cloud.network.networks(name=NAME):
        for port in cloud.network.ports(network_id=network.id):
            cloud.network.delete_port(port)
        cloud.network.delete_network(network)


if __name__ == '__main__':
    connection = openstack.connect()
    if sys.argv[1] == 'create':
        create(connection, json.load(sys.stdin))
    else:
        destroy(connection)
