import { TYPES } from "../../../../policies/cloud/openstack";
import { UNKNOWN } from "../../../../policies/model/field";
import { clusterIdentifier } from "../../../../policies/stack/clusterIdentifier";
import { knownTypes } from "../../../../policies/stack/knownTypes";
import { noDefaultProviders } from "../../../../policies/stack/noDefaultProviders";
import { outputsSecret } from "../../../../policies/stack/outputsSecret";
import { protectData } from "../../../../policies/stack/protectData";
import { protectFoundations } from "../../../../policies/stack/protectFoundations";
import { quotaSums } from "../../../../policies/stack/quotaSums";
import { replacementGuard } from "../../../../policies/stack/replacementGuard";
import type { CaseResource, PolicyCases } from "../policyCases";

const KUBERNETES = "pulumi:providers:kubernetes";
const namespace: CaseResource = { type: "kubernetes:core/v1:Namespace", provider: { name: "cluster" } };
const stash: CaseResource = { type: "pulumi:index:Stash", name: "cluster-cas" };
const machine = (name: string, operation?: string): CaseResource => {
  return { type: TYPES.machine, name, operation, props: { flavorName: "m1.batch" } };
};
const claim = (accessModes: unknown, protect = false): CaseResource => {
  return { type: "kubernetes:core/v1:PersistentVolumeClaim", protect, props: { spec: { accessModes } } };
};
const outputs = (props: object, secrets?: readonly string[]): CaseResource => {
  return { type: "pulumi:pulumi:Stack", props, secrets };
};

const flavors = { "m1.batch": { vcpus: 8, ramMb: 16_384 } };
const KUBECONFIG = "users:\n  - user:\n      client-key-data: a2V5\n";
const NO_VALUE = "it looks at types and options, which every preview knows";

/** Cases of the policies on a stack as a whole. */
export const cases: readonly PolicyCases[] = [
  {
    policy: quotaSums,
    pass: {
      "just enough": {
        given: [machine("a"), machine("b")],
        settings: { flavors, quota: { instances: 2, cores: 16, ramMb: 32_768, volumes: 0 } },
      },
    },
    fail: {
      "one machine too many": {
        given: [machine("a"), machine("b")],
        tells: "2 machines are needed, of 1",
        settings: { flavors, quota: { instances: 1 } },
      },
      cores: { given: [machine("a")], tells: "8 cores are needed, of 7", settings: { flavors, quota: { cores: 7 } } },
      "a load balancer's port": {
        given: [{ type: TYPES.port }, { type: TYPES.loadBalancer }],
        tells: "2 ports are needed, of 1",
        settings: { quota: { ports: 1 } },
      },
      "boot volumes and others": {
        given: [
          { type: TYPES.volume, props: { size: 50 } },
          {
            type: TYPES.machine,
            props: { flavorName: "m1.batch", blockDevices: [{ destinationType: "volume", volumeSize: 100 }] },
          },
        ],
        tells: "150 GB of volumes are needed, of 149",
        settings: { flavors, quota: { volumes: 2, volumesGb: 149 } },
      },
    },
    notApplicable: { "no quota known": [machine("a")] },
    unknown: { "a flavor nobody knows": { given: [machine("a")], settings: { quota: { instances: 1 } } } },
  },
  {
    policy: replacementGuard,
    pass: {
      "nothing goes": [machine("a", "create"), machine("b", "same"), { ...stash, operation: "update" }],
      "one machine": [machine("a", "replace"), machine("b", "same")],
      "what an interrupted update left to be forgotten": {
        given: [machine("a", "remove-pending-replace"), machine("b", "same")],
        settings: { replacements: { machines: 0, allowed: [] } },
      },
      "two that are named": {
        given: [machine("batch-0", "replace"), machine("batch-1", "delete")],
        settings: { replacements: { machines: 0, allowed: ["batch-*"] } },
      },
    },
    fail: {
      "two machines": {
        given: [machine("a", "replace"), machine("b", "delete")],
        tells: "replace: one of 2 machines that go, and 1 may",
      },
      "one where none may": {
        given: [machine("a", "create-replacement")],
        tells: "one of 1 machines that go, and 0 may",
        settings: { replacements: { machines: 0, allowed: [] } },
      },
      ...Object.fromEntries(
        ["delete", "replace", "create-replacement", "delete-replaced", "discard-replaced"].map((operation) => [
          `a machine's end by ${operation}`,
          {
            given: [machine("a", operation)],
            tells: `${operation}: one of 1 machines that go`,
            settings: { replacements: { machines: 0, allowed: [] } },
          },
        ]),
      ),
      "a name that only looks like an allowed one": {
        given: [machine("batchx0", "delete")],
        tells: "one of 1 machines",
        settings: { replacements: { machines: 0, allowed: ["batch.0"] } },
      },
      "the cluster's CAs": { given: [{ ...stash, operation: "replace" }], tells: "the cluster's CAs" },
      "an address": { given: [{ type: TYPES.floatingIp, operation: "delete" }], tells: "an address that stands in" },
      "a claim": { given: [{ ...claim(["ReadWriteOnce"]), operation: "delete" }], tells: "a claim, whose volume" },
    },
    notApplicable: { "an engine that tells no operations": [machine("a"), machine("b")] },
    unknown: {},
    withoutUnknown: NO_VALUE,
  },
  {
    policy: protectData,
    pass: { protected: [{ type: TYPES.floatingIp, protect: true }, claim(["ReadWriteOnce"], true)] },
    fail: {
      "a volume": { given: [{ type: TYPES.volume }], tells: "a volume with its data would go with one update" },
      "a claim": { given: [claim(["ReadWriteOnce"])], tells: "a claim, whose volume may go with it" },
    },
    notApplicable: { "a claim nobody writes to": [claim(["ReadOnlyMany"])], "another type": [namespace] },
    unknown: { "how it is written to": [claim(UNKNOWN)] },
  },
  {
    policy: protectFoundations,
    pass: { protected: [{ type: TYPES.network, protect: true }] },
    fail: { open: { given: [{ type: TYPES.network }], tells: "the network of every machine would go" } },
    notApplicable: { "another type": [namespace] },
    unknown: {},
    withoutUnknown: NO_VALUE,
  },
  {
    policy: clusterIdentifier,
    pass: { set: [{ type: KUBERNETES, props: { clusterIdentifier: "lab-1" } }] },
    fail: {
      "not set": { given: [{ type: KUBERNETES }], tells: "clusterIdentifier: it is not set" },
      empty: { given: [{ type: KUBERNETES, props: { clusterIdentifier: "" } }], tells: "it is not set" },
    },
    notApplicable: { "another type": [namespace] },
    unknown: { "the identifier": [{ type: KUBERNETES, props: { clusterIdentifier: UNKNOWN } }] },
  },
  {
    policy: noDefaultProviders,
    pass: { "one of the program": [namespace] },
    fail: {
      none: { given: [{ type: "kubernetes:core/v1:Namespace" }], tells: "it has the default provider" },
      "the default": {
        given: [namespace, { ...machine("a"), provider: { name: "default_3_15_2" } }],
        tells: "it has the default provider",
      },
    },
    notApplicable: { "no object of cluster or cloud": [stash] },
    unknown: {},
    withoutUnknown: NO_VALUE,
  },
  {
    policy: knownTypes,
    pass: { "what sites are made of": [namespace, stash, machine("a"), { type: "atlas-site:cloud:Network" }] },
    fail: {
      "another provider's": { given: [{ type: "aws:s3/bucket:Bucket" }], tells: "its type is aws:s3/bucket:Bucket" },
      "one the site does not want": {
        given: [{ type: "command:local:Command" }],
        tells: "its type is command:local:Command",
        settings: { resourceTypes: ["kubernetes:"] },
      },
    },
    notApplicable: { "an empty stack": [] },
    unknown: {},
    withoutUnknown: NO_VALUE,
  },
  {
    policy: outputsSecret,
    pass: {
      "a secret": [outputs({ kubeconfig: KUBECONFIG }, ["kubeconfig"])],
      "nothing secret": [outputs({ apiUrl: "https://a.example:6443", note: "kind: Note, token: yes" }, [])],
    },
    fail: {
      "a kubeconfig": {
        given: [outputs({ kubeconfig: KUBECONFIG }, [])],
        tells: "kubeconfig: it holds a key or a token",
      },
      "a kubeconfig with a token, on one line": {
        given: [outputs({ access: '{"kind":"Config","users":[{"user":{"token":"t"}}]}' }, [])],
        tells: "access: it holds a key or a token",
      },
      "one deep inside": {
        given: [outputs({ queues: { "SITE-K8S": [KUBECONFIG] } }, ["kubeconfig"])],
        tells: "queues: it holds a key or a token",
      },
    },
    notApplicable: {
      "an engine that tells no secrets": [outputs({ kubeconfig: KUBECONFIG })],
      "no stack": [namespace],
    },
    unknown: { "an output": [outputs({ kubeconfig: UNKNOWN }, [])] },
  },
];
