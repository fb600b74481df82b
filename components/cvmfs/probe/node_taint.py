"""The taint of this node, through the Kubernetes API, without a library for it."""
import json
import os
import ssl
import time
import urllib.error
import urllib.request

# Where Kubernetes puts a pod's token and the CA of its API.
ACCOUNT = '/var/run/secrets/kubernetes.io/serviceaccount'
API_SECONDS = 5.0
# A change of the node by somebody else between our read and our write: read again and write again.
CONFLICT_TRIES = 5
# What others do to our taint is seen at the latest after this long.
LOOK_AGAIN_SECONDS = 60.0


class Node:
    """The taint of this node, through the Kubernetes API."""

    def __init__(self, name, taint, say, account=ACCOUNT):
        self.name, self.taint, self.say, self.account = name, taint, say, account
        self.tainted = None
        self.seen = 0.0
        self.errors = 0
        host, port = os.environ['KUBERNETES_SERVICE_HOST'], os.environ['KUBERNETES_SERVICE_PORT']
        self.url = 'https://%s:%s/api/v1/nodes/%s' % ('[%s]' % host if ':' in host else host, port, name)

    def settle(self, tainted):
        """Makes the node as it should be. True when it is; errors are told and tried again in the next round."""
        if self.tainted == tainted and time.monotonic() - self.seen < LOOK_AGAIN_SECONDS:
            return True
        try:
            for _ in range(CONFLICT_TRIES):
                if self._try(tainted):
                    self.tainted, self.seen = tainted, time.monotonic()
                    return True
            raise RuntimeError('others changed the node at each of %d tries' % CONFLICT_TRIES)
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            self.errors += 1
            self.tainted = None
            self.say('node %s: cannot be made %s: %s' % (self.name, 'tainted' if tainted else 'free', error))
            return False

    def _try(self, tainted):
        node = self._call('GET')
        before = node['spec'].get('taints') or []
        after = [taint for taint in before if taint['key'] != self.taint['key']]
        after += [self.taint] if tainted else []
        if any(taint['key'] == self.taint['key'] for taint in before) == tainted:
            return True
        # The whole list goes out, so the version goes with it: the API refuses when anybody wrote in between.
        change = {'metadata': {'resourceVersion': node['metadata']['resourceVersion']}, 'spec': {'taints': after}}
        try:
            self._call('PATCH', change)
        except urllib.error.HTTPError as error:
            if error.code == 409:
                return False
            raise
        self.say('node %s: %s' % (self.name, 'TAINTED' if tainted else 'free of the taint'))
        return True

    def _call(self, method, change=None):
        # Read anew for each call: the kubelet renews the token.
        with open(os.path.join(self.account, 'token')) as file:
            headers = {'Authorization': 'Bearer ' + file.read().strip(), 'Accept': 'application/json'}
        body = None
        if change is not None:
            body = json.dumps(change).encode()
            headers['Content-Type'] = 'application/merge-patch+json'
        context = ssl.create_default_context(cafile=os.path.join(self.account, 'ca.crt'))
        request = urllib.request.Request(self.url, data=body, headers=headers, method=method)
        with urllib.request.urlopen(request, timeout=API_SECONDS, context=context) as answer:
            return json.load(answer)
