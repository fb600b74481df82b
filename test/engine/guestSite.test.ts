/**
 * A site in a cluster that somebody else runs, through the real engine and provider on a real API: every object comes, a
 * second run finds nothing to do, and every object goes. There is no node, so no pod starts.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { Engine } from "../support/engine";
import { KubeApi } from "../support/kubeApi";

const MINUTE = 60_000;

/** A site that brings its rules and a queue's namespace, and nothing that needs machines. */
const GUEST = `config:
  atlas-site:site: { name: guest }
  atlas-site:cluster: { provisioner: existing, identifier: somebody-elses }
  atlas-site:network: { plugin: none, policyEngine: none }
  atlas-site:queues:
    GUEST-K8S: { namespace: guest, pool: batch, largestJob: { cores: 1, memoryMb: 1000 } }
`;

const PATHS = {
  namespace: "/api/v1/namespaces/guest",
  policy: "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/atlas-site-pods",
  role: "/apis/rbac.authorization.k8s.io/v1/namespaces/guest/roles/harvester",
  priority: "/apis/scheduling.k8s.io/v1/priorityclasses/atlas-site-jobs",
};

let api: KubeApi;
let engine: Engine;
let project: string;

beforeAll(async () => {
  // The provider deletes in the foreground, which the first completes; the second makes the token of Harvester's account.
  api = await KubeApi.start(["garbage-collector-controller", "serviceaccount-token-controller"]);
  engine = await Engine.open(["kubernetes"]);
  project = await engine.project("guest", GUEST);
  await must("config", "set", "--secret", "kubeconfig", api.kubeconfig);
}, 60 * MINUTE);

afterAll(async () => {
  engine?.close();
  await api?.close();
});

/** Runs the command on the guest's stack. @throws Error with its output when it fails */
async function must(...args: string[]): Promise<string> {
  const { code, output } = await engine.pulumi([...args, "--stack", "guest"], project);
  if (code !== 0) {
    throw new Error(`pulumi ${args.slice(0, 3).join(" ")}: exit ${code}\n${output}`);
  }
  return output;
}

/** Status of each of these objects in the API. */
async function statuses(): Promise<Record<string, number>> {
  const asked = Object.entries(PATHS).map(async ([name, path]) => {
    return [name, (await api.admin.call("GET", path)).status] as const;
  });
  return Object.fromEntries(await Promise.all(asked));
}

/** Whom the token of Harvester's kubeconfig, as it stands in the outputs, names. */
async function harvesterAccount(): Promise<unknown> {
  const output = await must("stack", "output", "--json", "--show-secrets");
  // Warnings of Node may come after it.
  const stdout = output.slice(output.indexOf("{"), output.lastIndexOf("}") + 1);
  const { harvesterKubeconfigs } = JSON.parse(stdout) as { harvesterKubeconfigs: Record<string, string> };
  const { users } = parse(harvesterKubeconfigs["GUEST-K8S"]) as { users: { user: { token: string } }[] };
  const [, claims] = users[0].user.token.split(".");
  return (JSON.parse(Buffer.from(claims, "base64url").toString("utf8")) as { sub: unknown }).sub;
}

const every = (status: number) => Object.fromEntries(Object.keys(PATHS).map((name) => [name, status]));

test(
  "comes, stays as it is, and goes with every object",
  async () => {
    expect(await statuses()).toEqual(every(404));
    await must("up", "--yes", "--skip-preview");
    expect(await statuses()).toEqual(every(200));
    expect(await harvesterAccount()).toBe("system:serviceaccount:atlas-site-clients:harvester");
    await must("up", "--yes", "--skip-preview", "--expect-no-changes");
    await must("destroy", "--yes", "--skip-preview");
    expect(await statuses()).toEqual(every(404));
  },
  5 * MINUTE,
);
