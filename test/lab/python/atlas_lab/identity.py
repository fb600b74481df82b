"""Keystone's content: projects, users, roles, catalogue. Safe to repeat; the first half of filling a new cloud."""
import json
import sys

import openstack

ROLES = ('admin', 'service', 'member', 'reader', 'load-balancer_admin', 'load-balancer_member')
SERVICE_USERS = ('placement', 'glance', 'nova', 'neutron', 'octavia', 'magnum')
# What an ordinary project user of a cloud has; Octavia asks for a role of its own.
SITE_ROLES = ('member', 'reader', 'load-balancer_member')


def fill(cloud, plan):
    """`plan`: password, project, user, region, catalog [{type, service, url}]."""
    keystone = cloud.identity
    roles = {role.name: role for role in keystone.roles()}
    for name in ROLES:
        roles[name] = roles.get(name) or keystone.create_role(name=name)

    def project(name):
        return keystone.find_project(name) or keystone.create_project(name=name, domain_id='default')

    def user(name, home, granted, **more):
        found = keystone.find_user(name) or keystone.create_user(
            name=name, password=plan['password'], domain_id='default', default_project_id=home.id, **more)
        for role in granted:
            keystone.assign_project_role_to_user(home, found, roles[role])

    service_project = project('service')
    for name in SERVICE_USERS:
        user(name, service_project, ('admin', 'service'))
    user(plan['user'], project(plan['project']), SITE_ROLES)

    known = {service.type for service in keystone.services()}
    for entry in plan['catalog']:
        if entry['type'] in known:
            continue
        service = keystone.create_service(type=entry['type'], name=entry['service'])
        for interface in ('public', 'internal', 'admin'):
            keystone.create_endpoint(
                service_id=service.id, interface=interface, url=entry['url'], region_id=plan['region'])

    # Magnum makes a trustee user for each cluster in a domain of its own.
    domain = keystone.find_domain('magnum') or keystone.create_domain(name='magnum')
    admin = keystone.find_user('magnum_domain_admin', domain_id=domain.id) or keystone.create_user(
        name='magnum_domain_admin', password=plan['password'], domain_id=domain.id)
    keystone.put('/domains/%s/users/%s/roles/%s' % (domain.id, admin.id, roles['admin'].id))


if __name__ == '__main__':
    fill(openstack.connect(), json.load(sys.stdin))
