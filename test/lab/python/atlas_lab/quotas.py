"""Sets the project's quotas: OpenStack's own defaults, and over them those of the plan on standard input."""
import json
import sys

import openstack


def grant(cloud, plan):
    project = cloud.identity.find_project(plan['project'], ignore_missing=False).id
    for service, path, body in (
            (cloud.compute, '/os-quota-sets/' + project, {'quota_set': {**plan['quotas']['compute'], 'force': True}}),
            (cloud.network, '/quotas/' + project, {'quota': plan['quotas']['network']}),
            (cloud.load_balancer, '/v2/lbaas/quotas/' + project, {'quota': plan['quotas']['loadBalancer']})):
        answer = service.delete(path)
        if answer.status_code != 404:
            answer.raise_for_status()
        if set(*body.values()) - {'force'}:
            service.put(path, json=body).raise_for_status()


if __name__ == '__main__':
    grant(openstack.connect(), json.load(sys.stdin))
