"""ML2 mechanism driver of the lab.

Any port binds on the lab's one host, without an agent, and is ACTIVE at once: Neutron then tells Nova. The compute
driver makes the interface itself, and the data plane enforces the security groups (security_groups.py).
"""
from neutron_lib import constants
from neutron_lib.api.definitions import portbindings
from neutron_lib.plugins.ml2 import api


class LabMechanismDriver(api.MechanismDriver):
    def initialize(self):
        pass

    @property
    def connectivity(self):
        return portbindings.CONNECTIVITY_L2

    def check_vlan_transparency(self, context):
        return True

    def bind_port(self, context):
        segment = context.segments_to_bind[0]
        context.set_binding(
            segment[api.ID], portbindings.VIF_TYPE_BRIDGE,
            {portbindings.CAP_PORT_FILTER: True, portbindings.VIF_DETAILS_CONNECTIVITY: self.connectivity},
            status=constants.PORT_STATUS_ACTIVE)
