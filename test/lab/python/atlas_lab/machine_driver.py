"""Nova compute driver of the lab: an instance is a machine of machine.py.

Built over Nova's FakeDriver, which brings the bookkeeping of a compute host (inventory, providers) and harmless answers
for what the lab does not have (volumes, migration, snapshots). Each change is one run of machine.py, through the
process helper Nova itself uses, so requests for different instances run side by side.
"""
import json
import os
import sys

import nova.conf
from nova import exception
from nova.compute import power_state
from nova.virt import fake, hardware
from oslo_concurrency import processutils
from oslo_log import log as logging

from atlas_lab import machine

CONF = nova.conf.CONF
LOG = logging.getLogger(__name__)
CONSOLE_BYTES = 102400


def spec_of(instance, network_info):
    """What machine.py has to know of an instance and its Neutron ports."""
    return {
        'uuid': instance.uuid,
        'name': instance.hostname,
        'vcpus': instance.flavor.vcpus,
        'ramMb': instance.flavor.memory_mb,
        'userData': instance.user_data,
        'keys': [instance.key_data] if instance.key_data else [],
        'ports': [port_of(vif) for vif in network_info or []],
    }


def port_of(vif):
    network = vif['network']
    port = {'id': vif['id'], 'mac': vif['address'], 'tap': 'tap' + vif['id'][:11],
            'mtu': network.get_meta('mtu') or 1500, 'addresses': [], 'nameservers': [], 'gateway': None}
    for subnet in network['subnets']:
        bits = subnet['cidr'].rpartition('/')[2]
        port['addresses'] += ['%s/%s' % (ip['address'], bits) for ip in subnet['ips']]
        port['nameservers'] += [dns['address'] for dns in subnet['dns']]
        port['gateway'] = port['gateway'] or (subnet['gateway'] or {}).get('address')
    return port


class MachineDriver(fake.FakeDriver):
    capabilities = dict(
        fake.FakeDriver.capabilities, supports_attach_interface=False, supports_tagged_attach_interface=False,
        supports_tagged_attach_volume=False, supports_multiattach=False, supports_evacuate=False)

    def init_host(self, host):
        super().init_host(host)
        self.state = os.environ['LAB_STATE']

    def _machine(self, instance):
        found = machine.Machine(self.state, instance.uuid)
        if not os.path.isdir(found.folder):
            raise exception.InstanceNotFound(instance_id=instance.uuid)
        return found

    def _run(self, *arguments, **spec):
        # machine.py runs with Python's own environment; LAB_STATE is inherited.
        processutils.execute(sys.executable, '-m', 'atlas_lab.machine', *arguments, **spec)

    def list_instance_uuids(self):
        return [found.uuid for found in machine.machines(self.state)]

    def list_instances(self):
        return self.list_instance_uuids()

    def spawn(self, context, instance, image_meta, injected_files, admin_password, allocations, network_info=None,
              block_device_info=None, power_on=True, accel_info=None):
        LOG.info('starting the machine of instance %s (%s)', instance.uuid, instance.hostname)
        self._run('create', process_input=json.dumps(spec_of(instance, network_info)))

    def destroy(self, context, instance, network_info, block_device_info=None, destroy_disks=True,
                destroy_secrets=True):
        if os.path.isdir(machine.Machine(self.state, instance.uuid).folder):
            self._run('destroy', instance.uuid)

    def cleanup(self, context, instance, network_info, block_device_info=None, destroy_disks=True, migrate_data=None,
                destroy_vifs=True, destroy_secrets=True):
        self.destroy(context, instance, network_info)

    def reboot(self, context, instance, network_info, reboot_type, block_device_info=None, bad_volumes_callback=None,
               accel_info=None):
        self.power_off(instance, CONF.shutdown_timeout if reboot_type == 'SOFT' else 0)
        self.power_on(context, instance, network_info)

    def power_off(self, instance, timeout=0, retry_interval=0):
        # Nova gives a time for a clean shutdown when a server is stopped, and none when it is deleted.
        found = self._machine(instance)
        if timeout:
            self._run('shutdown', found.uuid, str(timeout))
        else:
            self._run('stop', found.uuid)

    def power_on(self, context, instance, network_info, block_device_info=None, accel_info=None):
        self._run('start', self._machine(instance).uuid)

    def get_info(self, instance, use_cache=True):
        running = self._machine(instance).pid() is not None
        return hardware.InstanceInfo(state=power_state.RUNNING if running else power_state.SHUTDOWN)

    def get_console_output(self, context, instance):
        try:
            with open(self._machine(instance).console, 'rb') as console:
                console.seek(max(0, os.path.getsize(console.name) - CONSOLE_BYTES))
                return console.read()
        except FileNotFoundError:
            return b''

    def instance_on_disk(self, instance):
        return os.path.isdir(machine.Machine(self.state, instance.uuid).folder)
