/** What the cloud and the cluster answer when a program runs without them: a stand-in for every provider. */
import type { runtime } from "@pulumi/pulumi";
import type { MagnumApi } from "../../../components/cluster/magnum/clusterState";
import type { Properties } from "./properties";

/** Answers of functions, by token. */
const invokes: Record<string, (inputs: Properties) => Properties> = {
  "openstack:images/getImage:getImage": (inputs) => ({ ...inputs, id: `image-${String(inputs.name)}` }),
  "openstack:networking/getNetwork:getNetwork": (inputs) => ({ ...inputs, id: `network-${String(inputs.name)}` }),
  "openstack:containerinfra/getClusterTemplate:getClusterTemplate": (inputs) => ({
    ...inputs,
    id: `template-${String(inputs.name)}`,
  }),
};

/**
 * The answer of a provider's function.
 * @throws Error for a function there is no answer for
 */
export function answerInvoke(token: string, inputs: Properties): Properties {
  const answer = invokes[token];
  if (answer === undefined) {
    throw new Error(`there is no answer for the function ${token}: add one to stacks/site/offline/cloudAnswers.ts`);
  }
  return answer(inputs);
}

const MAGNUM_URL = "https://203.0.113.200:6443";

/** As the provider hands it out: its keys are not in camel case. The key is text, not a key. */
const MAGNUM_KUBECONFIG = {
  raw_config: [
    "apiVersion: v1",
    "kind: Config",
    `clusters: [{ name: magnum, cluster: { server: '${MAGNUM_URL}', certificate-authority-data: Q0E= } }]`,
    "users: [{ name: admin, user: { client-certificate-data: Q0VSVA==, client-key-data: bWFnbnVtLWtleQ== } }]",
    "contexts: [{ name: default, context: { cluster: magnum, user: admin } }]",
    "current-context: default",
    "",
  ].join("\n"),
  host: MAGNUM_URL,
  cluster_ca_certificate: "CA",
  client_certificate: "CERT",
  client_key: "magnum-key",
};

/** Magnum where every cluster is created. */
export const CREATED: MagnumApi = {
  cluster: (name) =>
    Promise.resolve({
      uuid: name,
      name,
      status: "CREATE_COMPLETE",
      statusReason: "",
      faults: {},
      apiAddress: MAGNUM_URL,
      groups: [],
    }),
  templates: () => Promise.resolve([]),
};

/** Outputs that only the cloud knows, by resource type. */
const computed: Record<string, (name: string) => Properties> = {
  "openstack:networking/floatingIp:FloatingIp": (name) => ({ address: `203.0.113.${10 + (name.length % 200)}` }),
  "openstack:loadbalancer/loadBalancer:LoadBalancer": (name) => ({ vipPortId: `${name}-vip-port` }),
  "openstack:containerinfra/cluster:Cluster": () => ({ apiAddress: MAGNUM_URL, kubeconfig: MAGNUM_KUBECONFIG }),
};

/** A resource's state after it was made; in a preview nothing that the cloud would say. */
export function stateOf(args: runtime.MockResourceArgs, preview: boolean): { id: string | undefined; state: object } {
  const inputs = named(args.type, args.name, args.inputs as Properties);
  // The engine keeps a Stash itself, so its output is known in a preview too.
  const stash = args.type === "pulumi:index:Stash" ? { output: inputs.input } : {};
  if (preview) {
    return { id: undefined, state: { ...inputs, ...stash } };
  }
  return { id: `${args.name}-id`, state: { ...inputs, ...stash, ...computed[args.type]?.(args.name) } };
}

/** What Pulumi names by itself: an object of Kubernetes without a name, already in a preview. */
function named(type: string, name: string, inputs: Properties): Properties {
  const metadata = inputs.metadata as Properties | undefined;
  return type.startsWith("kubernetes:") && metadata?.name === undefined
    ? { ...inputs, metadata: { ...metadata, name: `${name}-named` } }
    : inputs;
}
