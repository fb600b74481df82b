import { TYPES } from "../../../../policies/cloud/openstack";
import { noDefaultProviders } from "../../../../policies/stack/noDefaultProviders";
import { outputsSecret } from "../../../../policies/stack/outputsSecret";
import { protectData } from "../../../../policies/stack/protectData";
import { protectFoundations } from "../../../../policies/stack/protectFoundations";
import { quotaSums } from "../../../../policies/stack/quotaSums";
import { replacementGuard } from "../../../../policies/stack/replacementGuard";
import type { CaseResource, MoreCases } from "../policyCases";

const flavors = { f: { vcpus: 8, ramMb: 16_384 } };
const machine = (name: string, more: object = {}): CaseResource => ({
  type: TYPES.machine,
  name,
  props: { flavorName: "f" },
  ...more,
});
const outputs = (props: object, secrets: readonly string[] = []): CaseResource => ({
  type: "pulumi:pulumi:Stack",
  props,
  secrets,
});
const OPEN = "it holds a key or a token, and is no secret";

/** Edges of the policies on a stack as a whole. */
export const more: readonly MoreCases[] = [
  {
    policy: noDefaultProviders,
    pass: {
      "a provider whose name only holds the word": [
        { type: "kubernetes:core/v1:Pod", provider: { name: "defaults" } },
        { type: "kubernetes:core/v1:Pod", name: "b", provider: { name: "my-default" } },
      ],
    },
    fail: {
      "the default by its short name": {
        given: [{ type: "openstack:compute/keypair:Keypair", provider: { name: "default" } }],
        tells: "it has the default provider",
      },
    },
    notApplicable: { "a component named alike": [{ type: "my:kubernetes:Thing" }] },
  },
  {
    policy: outputsSecret,
    pass: {
      "texts without a credential": [outputs({ a: "kind: Config", b: "token: abc", c: "client-key-data:", d: 1 })],
      "a secret one": [outputs({ a: ["kind: Config\ntoken: abc"] }, ["a"])],
      "another resource with a key": [{ type: "a:b:C", props: { a: "kind: Config\ntoken: x" } }, outputs({})],
    },
    fail: {
      YAML: { given: [outputs({ a: "kind: Config\nuser: { token: abc }" })], tells: `a: ${OPEN}` },
      JSON: { given: [outputs({ a: '{"kind": "Config", "token": "abc"}' })], tells: OPEN },
      "JSON without blanks": { given: [outputs({ a: `{"kind":"Config","token":"abc"}` })], tells: OPEN },
      "one text of several": { given: [outputs({ a: ["x", { b: "kind: Config\ntoken: abc" }] })], tells: OPEN },
      "a key of an algorithm": { given: [outputs({ a: "-----BEGIN EC PRIVATE KEY-----" })], tells: OPEN },
      "a key of none": { given: [outputs({ a: "-----BEGIN PRIVATE KEY-----" })], tells: OPEN },
      "a key in JSON": { given: [outputs({ a: '{"client-key-data":"a2V5"}' })], tells: OPEN },
      "a key in YAML": { given: [outputs({ a: "client-key-data:   a2V5" })], tells: OPEN },
      "the stack behind another resource": {
        given: [{ type: "a:b:C", secrets: [] }, outputs({ a: "client-key-data: a2V5" })],
        tells: OPEN,
      },
    },
    notApplicable: { "no stack": [machine("a")] },
  },
  {
    policy: protectData,
    fail: {
      "a share": { given: [{ type: TYPES.share }], tells: "a share with its data would go" },
      "a claim that one may write to": {
        given: [
          {
            type: "kubernetes:core/v1:PersistentVolumeClaim",
            props: { spec: { accessModes: ["ReadOnlyMany", "ReadWriteOnce"] } },
          },
        ],
        tells: "a claim, whose volume",
      },
    },
  },
  {
    policy: protectFoundations,
    fail: {
      "a subnet": { given: [{ type: TYPES.subnet }], tells: "the subnet of every machine would go" },
      "a load balancer": { given: [{ type: TYPES.loadBalancer }], tells: "the address of the API would go" },
    },
  },
  {
    policy: quotaSums,
    pass: {
      "a machine that boots from its own disk": {
        given: [
          machine("a", { props: { flavorName: "f", blockDevices: [{ destinationType: "local", volumeSize: 9 }] } }),
        ],
        settings: { flavors, quota: { volumes: 0, volumesGb: 0 } },
      },
    },
    fail: {
      memory: {
        given: [machine("a")],
        tells: "16384 MiB of memory are needed, of 1",
        settings: { flavors, quota: { ramMb: 1 } },
      },
      addresses: {
        given: [{ type: TYPES.floatingIp }],
        tells: "1 floating IPs are needed, of 0",
        settings: { quota: { floatingIps: 0 } },
      },
      volumes: {
        given: [{ type: TYPES.volume, props: { size: 1 } }],
        tells: "1 volumes are needed, of 0",
        settings: { quota: { volumes: 0 } },
      },
    },
  },
  {
    policy: replacementGuard,
    fail: {
      "an engine that says it of one": {
        given: [machine("a"), machine("b", { operation: "delete" })],
        tells: "delete: one of 1 machines",
        settings: { replacements: { machines: 0, allowed: [] } },
      },
      ...Object.fromEntries(
        ["a.b", "a+", "(a)"].map((pattern, index) => [
          `a name allowed by its letters alone: ${pattern}`,
          {
            given: [machine(["axb", "aa", "a"][index] as string, { operation: "delete" })],
            tells: "one of 1 machines",
            settings: { replacements: { machines: 0, allowed: [pattern] } },
          },
        ]),
      ),
    },
    pass: Object.fromEntries(
      ["a.b", "a+", "(a)", "a*b"].map((name) => [
        `a name allowed as it is: ${name}`,
        {
          given: [machine(name, { operation: "delete" })],
          settings: { replacements: { machines: 0, allowed: [name] } },
        },
      ]),
    ),
    notApplicable: {},
  },
];
