"""Magnum cluster driver of the lab: no machines are made.

A cluster goes from *_IN_PROGRESS to *_COMPLETE when Magnum's periodic task next asks for its state; one whose name
holds FAIL ends in CREATE_FAILED. What this proves is Magnum's API contract, never a running cluster.
"""
from magnum.drivers.common import driver
from magnum.objects import fields
from oslo_utils import uuidutils

STATUS = fields.ClusterStatus
NEXT = {
    STATUS.CREATE_IN_PROGRESS: STATUS.CREATE_COMPLETE,
    STATUS.UPDATE_IN_PROGRESS: STATUS.UPDATE_COMPLETE,
    STATUS.ROLLBACK_IN_PROGRESS: STATUS.ROLLBACK_COMPLETE,
}


def _set_all(cluster, status):
    for group in cluster.nodegroups:
        group.status = status
        group.save()


class Driver(driver.Driver):
    @property
    def provides(self):
        return [{'server_type': 'vm', 'os': os, 'coe': 'kubernetes'} for os in ('fedora-coreos', 'ubuntu')]

    def update_cluster_status(self, context, cluster, use_admin_ctx=False):
        if 'FAIL' in cluster.name and cluster.status == STATUS.CREATE_IN_PROGRESS:
            cluster.status, cluster.status_reason = STATUS.CREATE_FAILED, 'lab: the name asks for a failure'
            _set_all(cluster, STATUS.CREATE_FAILED)
        elif cluster.status == STATUS.DELETE_IN_PROGRESS:
            for group in cluster.nodegroups:
                group.status = STATUS.DELETE_COMPLETE
                group.save()
                group.destroy()
            cluster.status = STATUS.DELETE_COMPLETE
        elif cluster.status in NEXT:
            self._complete(cluster)
        else:
            return
        cluster.save()

    def _complete(self, cluster):
        for index, group in enumerate(cluster.nodegroups):
            if group.status == STATUS.DELETE_IN_PROGRESS:
                group.destroy()
                continue
            group.node_addresses = ['10.99.%d.%d' % (index, n + 1) for n in range(group.node_count)]
            group.status = NEXT[cluster.status]
            group.save()
        cluster.api_address = 'https://10.99.0.1:6443'
        cluster.coe_version = 'v1.26.0'
        cluster.health_status = 'HEALTHY'
        cluster.status = NEXT[cluster.status]

    def create_cluster(self, context, cluster, cluster_create_timeout):
        cluster.stack_id = uuidutils.generate_uuid()

    def update_cluster(self, context, cluster, scale_manager=None, rollback=False):
        _set_all(cluster, STATUS.UPDATE_IN_PROGRESS)

    def resize_cluster(self, context, cluster, resize_manager, node_count, nodes_to_remove, nodegroup=None):
        _set_all(cluster, STATUS.UPDATE_IN_PROGRESS)

    def upgrade_cluster(self, context, cluster, cluster_template, max_batch_size, nodegroup, scale_manager=None,
                        rollback=False):
        _set_all(cluster, STATUS.UPDATE_IN_PROGRESS)

    def delete_cluster(self, context, cluster):
        _set_all(cluster, STATUS.DELETE_IN_PROGRESS)

    def create_nodegroup(self, context, cluster, nodegroup):
        nodegroup.stack_id = uuidutils.generate_uuid()

    def update_nodegroup(self, context, cluster, nodegroup):
        pass

    def delete_nodegroup(self, context, cluster, nodegroup):
        nodegroup.status = STATUS.DELETE_IN_PROGRESS
        nodegroup.save()

    def create_federation(self, context, federation):
        raise NotImplementedError('the lab has no federations')

    update_federation = delete_federation = create_federation
