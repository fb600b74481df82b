"""User data of a machine as cloud-init's NoCloud source reads it; pure functions.

A real hypervisor would hand the same over as a config drive. JSON is YAML, and needs no quoting rules of our own.
"""
import base64
import json


def meta_data(spec):
    """`spec`: uuid, name, keys (public SSH keys)."""
    return json.dumps({
        'instance-id': spec['uuid'],
        'local-hostname': spec['name'],
        'public-keys': spec.get('keys') or [],
    })


def user_data(spec):
    """The bytes the user gave (text, multi-part or gzip): cloud-init tells them apart itself."""
    return base64.b64decode(spec.get('userData') or '')


def network_config(spec):
    """Addresses by MAC, in cloud-init's network format 2. No DHCP and no router advertisements: nobody answers them,
    and waiting for them costs the boot its time."""
    ethernets = {}
    for index, port in enumerate(spec['ports']):
        name = interface_name(index)
        ethernets[name] = {
            'match': {'macaddress': port['mac']},
            'mtu': port['mtu'],
            'dhcp4': False, 'dhcp6': False, 'accept-ra': False,
            'addresses': port['addresses'],
        }
        if port.get('nameservers'):
            ethernets[name]['nameservers'] = {'addresses': port['nameservers']}
        # One default route: the first port's.
        if index == 0 and port.get('gateway'):
            ethernets[name]['routes'] = [{'to': '0.0.0.0/0', 'via': port['gateway']}]
    return json.dumps({'version': 2, 'ethernets': ethernets})


def interface_name(index):
    return 'eth%d' % index


def environment(spec):
    """/etc/lab-machine.env: what a virtual machine would see in its processors and memory, and a container cannot."""
    return 'MACHINE_NAME=%s\nFLAVOR_VCPUS=%d\nFLAVOR_RAM_MB=%d\n' % (spec['name'], spec['vcpus'], spec['ramMb'])


def files(spec):
    """Files laid over the image, by path: text or bytes."""
    folder = 'var/lib/cloud/seed/nocloud/'
    return {
        folder + 'meta-data': meta_data(spec).encode(),
        folder + 'user-data': user_data(spec),
        folder + 'vendor-data': b'',
        folder + 'network-config': network_config(spec).encode(),
        'etc/lab-machine.env': environment(spec).encode(),
    }
