"""What a cloud has for every project: flavors, an image, the external network. Safe to repeat."""
import json
import sys

import openstack


def fill(cloud, plan):
    for flavor in plan['flavors']:
        if not cloud.compute.find_flavor(flavor['name']):
            cloud.compute.create_flavor(
                name=flavor['name'], vcpus=flavor['vcpus'], ram=flavor['ramMb'], disk=flavor['diskGb'])

    image = plan['image']
    if not cloud.image.find_image(image['name']):
        cloud.create_image(
            image['name'], data=image['text'].encode(), disk_format='raw', container_format='bare',
            visibility='public', min_disk=image['minDiskGb'], os_distro='debian', wait=True)

    external = plan['external']
    network = cloud.network.find_network(external['name'])
    if not network:
        network = cloud.network.create_network(**{
            'name': external['name'], 'router:external': True, 'provider:network_type': 'flat',
            'provider:physical_network': 'public'})
    if not network.subnet_ids:
        cloud.network.create_subnet(
            network_id=network.id, name=external['name'] + '-v4', ip_version=4, cidr=external['cidr'],
            gateway_ip=external['gateway'], enable_dhcp=False,
            allocation_pools=[{'start': external['first'], 'end': external['last']}])


if __name__ == '__main__':
    fill(openstack.connect(), json.load(sys.stdin))
