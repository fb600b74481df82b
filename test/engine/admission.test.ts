/**
 * The admission rules as the program declares them, on a real API server: pods that break one rule each, as every kind of
 * object a pod can come from. In one namespace they only warn, so that every rule that is broken is seen; in another they
 * refuse.
 */
import { known } from "../support/componentArgs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { admissionRules, policySpec, shapes } from "../../components/security/admission/policy";
import { KubeApi } from "../support/kubeApi";
import { container, podSpec, type Case, type Spec } from "./admissionCase";
import { claimSiteCases, hostSiteCases } from "./admissionCases";
import { declare, KINDS, OTHER_KINDS, post, QUEUES, testSite, TOLD, verdict } from "./admissionSite";

const MINUTE = 60_000;
const POLICIES = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies";
const hostSite = testSite("host");
const claimSite = testSite("csi");
const allRules = [...admissionRules(known(hostSite)), ...admissionRules(known(claimSite))];

/** Rules of the table of fields: most pods that break another rule break one of these too; test/attack/ has their cases. */
const TABLE_RULES = allRules.flatMap(({ name, table }) => (table === undefined ? [] : [name]));
const named = (rules: readonly string[]) => rules.filter((rule) => !TABLE_RULES.includes(rule));

let api: KubeApi;

beforeAll(async () => {
  api = await KubeApi.start();
  await declare(api, hostSite);
}, 60 * MINUTE);

afterAll(() => api?.close());

interface Checked {
  status?: { typeChecking?: { expressionWarnings?: { warning: string }[] } };
}

type PolicySpec = ReturnType<typeof policySpec>;

/** The policy with what each variable stands for in its place: the API's type checker knows no types of variables. */
function withoutVariables({ variables, validations, ...spec }: PolicySpec): object {
  const written = new Map<string, string>();
  const inline = (expression: string) =>
    expression.replace(
      /variables\.(\w+)/g,
      (_, name: string) => `(${written.get(name) ?? `unknown variable ${name}`})`,
    );
  variables.forEach(({ name, expression }) => written.set(name, inline(expression)));
  const inlined = validations.map(({ expression, messageExpression }) => {
    return { expression: inline(expression), messageExpression: inline(messageExpression) };
  });
  return { ...spec, validations: inlined };
}

/** What the API's type checker says of a policy. */
async function typeWarnings(spec: PolicySpec): Promise<string[]> {
  const look = () => api.admin.must<Checked>("GET", `${POLICIES}/typed`);
  await api.admin.must("POST", POLICIES, { metadata: { name: "typed" }, spec: withoutVariables(spec) });
  await api.until("the verdict on a policy's types", async () => (await look()).status?.typeChecking !== undefined, 60);
  const { status } = await look();
  await api.admin.must("DELETE", `${POLICIES}/typed`);
  return (status?.typeChecking?.expressionWarnings ?? []).map(({ warning }) => warning);
}

/** What of a case goes into a pod that is there already, as an ephemeral container; undefined: nothing can. */
function asEphemeral({ rule, change, notEphemeral }: Case): { holder: Spec; container: Spec } | undefined {
  const { volumes = [], ...others } = change.pod ?? {};
  const ofContainers = allRules.find(({ name }) => name === rule)?.container !== undefined;
  if (
    !ofContainers ||
    notEphemeral ||
    Object.keys(others).length > 0 ||
    (change.container ?? change.security) === undefined
  ) {
    return undefined;
  }
  return { holder: podSpec({ pod: { volumes } }), container: { ...container(change), name: "looker" } };
}

/** @param queue namespace that Pod Security leaves to the rules */
function testCases(cases: readonly Case[], queue: string): void {
  test.each(cases.filter(({ good }) => !good))("$rule refuses $about, in whatever it comes", async (one) => {
    const broken = [one.rule, ...(one.also ?? [])].sort();
    const { fields } = allRules.find(({ name }) => name === one.rule)!;
    for (const kind of KINDS) {
      const told = verdict(await post(api, TOLD, kind, podSpec(one.change)));
      expect([kind.name, ...named(told)]).toEqual([kind.name, ...broken]);
      const refusal = await post(api, queue, kind, podSpec(one.change));
      expect([refusal.status, broken]).toEqual([422, expect.arrayContaining(verdict(refusal))]);
      if (broken.length === 1) {
        fields.forEach((field) => expect(refusal.text).toContain(`${kind.pod}.${field}`));
        expect(refusal.text).toMatch(/\((container|volume) [a-z]+|\(the pod itself/);
      }
    }
  });

  test.each(cases.filter(({ good }) => good))("$rule lets $about through, in whatever it comes", async (one) => {
    for (const kind of KINDS) {
      const told = verdict(await post(api, TOLD, kind, podSpec(one.change)));
      expect([kind.name, ...named(told)]).toEqual([kind.name]);
      expect((await post(api, queue, kind, podSpec(one.change))).status).toBe(told.length === 0 ? 201 : 422);
    }
  });

  const ephemeral = cases.filter((one) => asEphemeral(one) !== undefined);
  test.each(ephemeral)("an ephemeral container is held to $rule too: $about", async (one) => {
    const { holder, container: added } = asEphemeral(one)!;
    const name = `holder-${cases.indexOf(one)}`;
    for (const namespace of [TOLD, queue]) {
      const pods = `/api/v1/namespaces/${namespace}/pods`;
      await api.admin.must("POST", pods, { metadata: { name }, spec: holder });
      const body = { spec: { ephemeralContainers: [added] } };
      const answer = await api.admin.call("PATCH", `${pods}/${name}/ephemeralcontainers?dryRun=All`, body);
      await api.admin.must("DELETE", `${pods}/${name}?gracePeriodSeconds=0`);
      const broken = one.good ? [] : [one.rule, ...(one.also ?? [])].sort();
      const seen = named(verdict(answer));
      if (namespace === TOLD || !one.good) {
        expect(seen).toEqual(namespace === TOLD ? broken : [expect.toBeOneOf(broken)]);
      }
    }
  });
}

describe("the policies", () => {
  test(
    "have no expression that the API's type checker doubts, and it does doubt a wrong one",
    async () => {
      const wrong = { ...allRules[0], container: "!c.?securityContext.?privilegd.orValue(false)" };
      for (const shape of shapes) {
        const spec = policySpec(hostSite, allRules, shape);
        expect([shape.name, ...(await typeWarnings(spec))]).toEqual([shape.name]);
        const mistyped = await typeWarnings(policySpec(hostSite, [wrong], shape));
        expect(mistyped.join()).toContain("undefined field 'privilegd'");
      }
    },
    MINUTE,
  );

  test("have a case that is refused for each rule", () => {
    const tried = [...hostSiteCases, ...claimSiteCases].filter(({ good }) => !good).map(({ rule }) => rule);
    expect(new Set(tried)).toEqual(new Set(named(allRules.map(({ name }) => name))));
  });

  test.each(OTHER_KINDS)("refuse a pilot in $name: only a Job brings a pod", async (kind) => {
    for (const namespace of [TOLD, QUEUES.confined, QUEUES.open]) {
      expect(verdict(await post(api, namespace, kind, podSpec()))).toEqual(["jobs-only"]);
    }
    expect((await post(api, "default", kind, podSpec())).status).toBe(201);
  });

  test("leave namespaces of no queue alone", async () => {
    const spec = podSpec({ pod: { tolerations: [{ operator: "Exists" }] } });
    expect((await post(api, "default", KINDS[0], spec)).status).toBe(201);
  });

  test("let controllers tend a pod that is older than a rule, but change nothing of its spec", async () => {
    const old = podSpec({ pod: { tolerations: [{ key: "site/cvmfs-unready", operator: "Exists" }] } });
    const namespace = "/api/v1/namespaces/confined";
    const label = (value: string | null) =>
      api.admin.must("PATCH", namespace, { metadata: { labels: { "atlas-site/queue": value } } });
    await label(null);
    const pods = `${namespace}/pods`;
    await api.until(
      "the queue's rules to be off",
      async () => (await api.admin.call("POST", pods, { metadata: { name: "old" }, spec: old })).status === 201,
    );
    await label("CONFINED-K8S");
    await api.until(
      "the queue's rules to be on",
      async () => (await post(api, QUEUES.confined, KINDS[0], old)).status === 422,
    );
    await api.admin.must("PATCH", `${pods}/old`, { metadata: { finalizers: ["batch.kubernetes.io/job-tracking"] } });
    await api.admin.must("PATCH", `${pods}/old`, {
      metadata: { finalizers: null },
    });
    const changed = await api.admin.call("PATCH", `${pods}/old`, { spec: { activeDeadlineSeconds: 60 } });
    expect(verdict(changed)).toEqual(["no-closed-node"]);
    await api.admin.must("DELETE", `${pods}/old?gracePeriodSeconds=0`);
  });

  test("let a queue have seccomp Unconfined only where its namespace says so", async () => {
    const spec = podSpec({
      pod: { securityContext: { runAsUser: 10_000, runAsGroup: 10_000, seccompProfile: { type: "Unconfined" } } },
    });
    expect(verdict(await post(api, QUEUES.open, KINDS[1], spec))).toEqual([]);
    expect(verdict(await post(api, QUEUES.confined, KINDS[1], spec))).toEqual(["seccomp-confined"]);
  });

  test.each([
    [
      "'..' in a host path",
      { pod: { volumes: [{ name: "v", hostPath: { path: "/cvmfs/../etc" } }] } },
      "must not contain '..'",
    ],
    [
      "a mount into the node by a container that is not privileged",
      {
        pod: { volumes: [{ name: "v", emptyDir: {} }] },
        container: { volumeMounts: [{ name: "v", mountPath: "/v", mountPropagation: "Bidirectional" }] },
      },
      "available only to privileged containers",
    ],
    ["an unmasked /proc among the node's users", { security: { procMount: "Unmasked" } }, "`hostUsers` must be false"],
  ])("need not look for %s: the API itself takes none", async (_, change, why) => {
    for (const kind of KINDS) {
      const answer = await post(api, TOLD, kind, podSpec(change));
      expect([kind.name, answer.status, answer.text]).toEqual([kind.name, 422, expect.stringContaining(why)]);
    }
  });
});

describe("a site with CVMFS on the hosts", () => testCases(hostSiteCases, QUEUES.confined));

describe("a site with CVMFS by claims", () => {
  beforeAll(() => declare(api, claimSite), MINUTE);
  testCases(claimSiteCases, QUEUES.open);
});
