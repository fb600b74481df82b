"""Octavia provider driver of the lab.

The API writes every object itself and asks the driver to make it so; the data plane (dataplane.py) reads the same
database. What is left for the driver is to answer: once the API's transaction is committed, every object of the load
balancer that is pending gets its final state. One rule for all requests, so none can be forgotten: a driver that
settles only the object it was asked about leaves the load balancer in PENDING_UPDATE and clients wait for ever.
"""
import threading
import time

from octavia.api.drivers.driver_agent import driver_updater
from octavia.db import api as db_api
from octavia.db import models
from octavia_lib.api.drivers import exceptions, provider_base
from oslo_log import log as logging

LOG = logging.getLogger(__name__)

# The API commits right after the driver's call returns; a request that fails there leaves nothing pending.
COMMIT_DEADLINE = 60.0
POLL = 0.05


def _final(row):
    """The state a pending object ends in, or None for one that is settled."""
    if row.provisioning_status == 'PENDING_DELETE':
        return {'id': row.id, 'provisioning_status': 'DELETED'}
    if row.provisioning_status.startswith('PENDING_'):
        return {'id': row.id, 'provisioning_status': 'ACTIVE', 'operating_status': 'ONLINE'}
    return None


def pending(session, lb_id):
    """Reports for all pending objects of a load balancer, in the form octavia-driver-agent takes from a driver.

    Empty while the load balancer itself is settled: then the API's transaction is not visible yet.
    """
    lb = session.query(models.LoadBalancer).filter_by(id=lb_id).first()
    if lb is None or not lb.provisioning_status.startswith('PENDING_'):
        return {}
    pools = lb.pools
    policies = [p for listener in lb.listeners for p in listener.l7policies]
    rows = {
        'members': [m for p in pools for m in p.members],
        'healthmonitors': [p.health_monitor for p in pools if p.health_monitor],
        'pools': pools,
        'l7rules': [r for p in policies for r in p.l7rules],
        'l7policies': policies,
        'listeners': lb.listeners,
        'loadbalancers': [lb],
    }
    reports = {kind: [f for f in map(_final, found) if f] for kind, found in rows.items()}
    if lb.provisioning_status == 'PENDING_DELETE':
        # A cascade deletes what hangs below, pending or not; children must go before their parent.
        for kind, found in rows.items():
            reports[kind] = [{'id': row.id, 'provisioning_status': 'DELETED'} for row in found]
    return reports


def settle(lb_id):
    """Waits for the API's commit, then reports; runs in a thread of the API process."""
    deadline = time.monotonic() + COMMIT_DEADLINE
    while time.monotonic() < deadline:
        time.sleep(POLL)
        try:
            session = db_api.get_session()
            with session.begin():
                reports = pending(session, lb_id)
            if not reports:
                continue
            answer = driver_updater.DriverUpdater().update_loadbalancer_status(reports)
            if answer.get('status_code') == 200:
                return
            LOG.warning('lab: load balancer %s not settled: %s', lb_id, answer)
        except Exception:
            LOG.exception('lab: load balancer %s not settled, trying again', lb_id)
    LOG.warning('lab: load balancer %s: nothing was pending for %s s', lb_id, COMMIT_DEADLINE)


def _balancer_of(model, object_id):
    """Load balancer of a listener, pool or policy, where the request does not carry it."""
    row = db_api.get_session().query(model).filter_by(id=object_id).first()
    if isinstance(row, models.L7Policy):
        row = row.listener
    return row.load_balancer_id


class LabProviderDriver(provider_base.ProviderDriver):
    def _settle(self, lb_id):
        threading.Thread(target=settle, args=(lb_id,), daemon=True).start()

    def _settle_listener(self, listener_id):
        self._settle(_balancer_of(models.Listener, listener_id))

    def _settle_pool(self, pool_id):
        self._settle(_balancer_of(models.Pool, pool_id))

    def _settle_policy(self, policy_id):
        self._settle(_balancer_of(models.L7Policy, policy_id))

    def create_vip_port(self, loadbalancer_id, project_id, vip_dictionary, additional_vip_dicts=None):
        said = 'the lab lets Octavia make the port of the VIP'
        raise exceptions.NotImplementedError(user_fault_string=said, operator_fault_string=said)

    def loadbalancer_create(self, loadbalancer):
        self._settle(loadbalancer.loadbalancer_id)

    def loadbalancer_update(self, old, new):
        self._settle(old.loadbalancer_id)

    def loadbalancer_delete(self, loadbalancer, cascade=False):
        self._settle(loadbalancer.loadbalancer_id)

    def loadbalancer_failover(self, loadbalancer_id):
        self._settle(loadbalancer_id)

    def listener_create(self, listener):
        self._settle(listener.loadbalancer_id)

    def listener_update(self, old, new):
        self._settle_listener(old.listener_id)

    def listener_delete(self, listener):
        self._settle_listener(listener.listener_id)

    def pool_create(self, pool):
        self._settle(pool.loadbalancer_id)

    def pool_update(self, old, new):
        self._settle_pool(old.pool_id)

    def pool_delete(self, pool):
        self._settle_pool(pool.pool_id)

    def member_create(self, member):
        self._settle_pool(member.pool_id)

    def member_update(self, old, new):
        self._settle_pool(old.pool_id)

    def member_delete(self, member):
        self._settle_pool(member.pool_id)

    def member_batch_update(self, pool_id, members):
        self._settle_pool(pool_id)

    def health_monitor_create(self, healthmonitor):
        self._settle_pool(healthmonitor.pool_id)

    def health_monitor_update(self, old, new):
        self._settle_pool(old.pool_id)

    def health_monitor_delete(self, healthmonitor):
        self._settle_pool(healthmonitor.pool_id)

    def l7policy_create(self, l7policy):
        self._settle_listener(l7policy.listener_id)

    def l7policy_update(self, old, new):
        self._settle_policy(old.l7policy_id)

    def l7policy_delete(self, l7policy):
        self._settle_policy(l7policy.l7policy_id)

    def l7rule_create(self, l7rule):
        self._settle_policy(l7rule.l7policy_id)

    def l7rule_update(self, old, new):
        self._settle_policy(old.l7policy_id)

    def l7rule_delete(self, l7rule):
        self._settle_policy(l7rule.l7policy_id)
