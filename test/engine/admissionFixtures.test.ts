/**
 * The rules against Kubernetes' own test pods for its Pod Security Standards, on a real API server. Two questions: do the
 * rules that restate a standard judge as its authors do, and what do all rules together make of their pods. Every
 * disagreement has its reason here.
 */
import { known } from "../support/componentArgs";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { admissionRules } from "../../components/security/admission/policy";
import { versions } from "../../versions";
import { MISSING_CORPUS } from "../stages/tally";
import { KubeApi } from "../support/kubeApi";
import { ROOT } from "../support/sites";
import { declare, QUEUES, testSite, TOLD, verdict } from "./admissionSite";

const FOLDER = join(process.env.ATLAS_SITE_CORPORA ?? join(ROOT, "../shared/corpora"), "pod-security-standards");

type Level = "baseline" | "restricted";
type Verdict = "pass" | "fail";

/** Rules that refuse pods a standard lets through, and why. */
const STRICTER: Readonly<Record<string, string>> = {
  "no-privilege-escalation": "Baseline lets processes gain rights; Restricted excepts Windows, which no site has.",
  "not-root": "Baseline lets containers be root; Restricted excepts Windows, which no site has.",
  "no-root-group": "No standard asks which groups a process has; group 0 opens what root shares with it on the node.",
};

/** Pods a standard refuses and the rules let through, by the beginning of their names, and why. */
const LOOSER: Readonly<Record<string, string>> = {
  capabilities_restricted:
    "Restricted wants ALL dropped; a process that is not root and cannot gain rights has none of them anyway.",
  seccompprofile_restricted: "Restricted wants a profile named; the kubelet's seccompDefault gives RuntimeDefault.",
  procmount_restricted: "Baseline lets a pod among users of its own see all of /proc; apptainer may need that.",
};

interface Judged {
  readonly name: string;
  /** Rules it breaks; undefined: the API takes no such pod, whatever the rules. */
  readonly broken?: readonly string[];
  /** Whether a queue's namespace takes it. */
  readonly admitted: boolean;
}

/** Reasons that a disagreement had. */
const used: string[] = [];

const site = testSite("host");
const everyRule = admissionRules(known(site));

/** Rules on what a pilot's Job looks like: these pods are no pilots, and nearly all of them break one. */
const PILOT_RULES = ["known-fields-only", "allowed-values", "queue-pool"];
const rules = everyRule.filter(({ name }) => !PILOT_RULES.includes(name));
const present = existsSync(FOLDER);
let api: KubeApi;

beforeAll(async () => {
  if (present) {
    api = await KubeApi.start();
    await declare(api, site);
  }
}, 3_600_000);

afterAll(() => api?.close());

interface Spec {
  os?: { name: string };
  securityContext?: object;
}

/** No standard asks for a group and the site does: with one given, a verdict is about what the pod was made for. */
function withGroup(spec: Spec): Spec {
  return spec.os?.name === "windows"
    ? spec
    : { ...spec, securityContext: { runAsGroup: 10_000, ...spec.securityContext } };
}

async function judge(level: Level, expected: Verdict): Promise<Judged[]> {
  const folder = join(FOLDER, level, versions.podSecurity, expected);
  const files = readdirSync(folder).sort();
  return Promise.all(
    files.map(async (file) => {
      // Some are named after their check, with an underscore, which no pod can have in its name.
      const given = parse(readFileSync(join(folder, file), "utf8")) as { metadata: object; spec: Spec };
      const pod = { ...given, metadata: { ...given.metadata, name: "case" }, spec: withGroup(given.spec) };
      const create = (namespace: string) =>
        api.admin.call("POST", `/api/v1/namespaces/${namespace}/pods?dryRun=All`, pod);
      const [told, real] = [await create(TOLD), await create(QUEUES.confined)];
      const broken = told.status === 201 ? { broken: verdict(told) } : {};
      return { name: file.replace(/\.yaml$/, ""), ...broken, admitted: real.status === 201 };
    }),
  );
}

/** Rules that restate a level or one below it. */
function restating(level: Level): string[] {
  const standards = level === "baseline" ? ["baseline"] : ["baseline", "restricted"];
  return rules.filter(({ standard }) => standards.includes(standard)).map(({ name }) => name);
}

/** Verdict by some rules alone. */
function breaks({ broken }: Judged, names: readonly string[]): boolean {
  return broken === undefined || broken.some((rule) => names.includes(rule));
}

const looseReason = ({ name }: Judged) => Object.keys(LOOSER).find((start) => name.startsWith(start));

describe.each<[Level, number, number]>([
  ["baseline", 15, 34],
  ["restricted", 23, 76],
])("Kubernetes' pods for the level %s", (level, passes, fails) => {
  test("are judged as their authors judge them, but for the disagreements with a reason", async (context) => {
    if (!present) {
      context.skip(`${MISSING_CORPUS}/pod-security-standards`);
    }
    const [good, bad] = [await judge(level, "pass"), await judge(level, "fail")];
    expect([good.length, bad.length]).toEqual([passes, fails]);
    const own = restating(level);
    const all = rules.map(({ name }) => name);
    const row = (names: readonly string[]) => ({
      "refused rightly (TP)": bad.filter((pod) => breaks(pod, names)).length,
      "let through rightly (TN)": good.filter((pod) => !breaks(pod, names)).length,
      "refused wrongly (FP)": good.filter((pod) => breaks(pod, names)).length,
      "let through wrongly (FN)": bad.filter((pod) => !breaks(pod, names)).length,
    });
    console.table({ [`${level}, its own rules`]: row(own), [`${level}, all rules`]: row(all) });
    console.log(
      `refused by the API itself: ${
        bad
          .filter(({ broken }) => broken === undefined)
          .map(({ name }) => name)
          .join(", ") || "none"
      }`,
    );

    for (const pod of [...good, ...bad]) {
      const { name, admitted } = pod;
      expect([name, admitted]).toEqual([name, !breaks(pod, [...all, ...PILOT_RULES])]);
    }
    const ofPods = (broken: readonly string[]) => broken.filter((rule) => !PILOT_RULES.includes(rule));
    const stricter = good.flatMap(({ name, broken = ["the API"] }) => ofPods(broken).map((rule) => ({ name, rule })));
    expect(stricter.filter(({ rule }) => STRICTER[rule] === undefined)).toEqual([]);
    const looser = bad.filter((pod) => !breaks(pod, all));
    expect(looser.filter((pod) => looseReason(pod) === undefined)).toEqual([]);
    used.push(...stricter.map(({ rule }) => rule), ...looser.map((pod) => looseReason(pod)!));
    if (level === "baseline") {
      expect([looser, good.filter((pod) => breaks(pod, own))]).toEqual([[], []]);
    }
  }, 60_000);
});

test("no reason is given for a disagreement that there is not", (context) => {
  if (!present) {
    context.skip(`${MISSING_CORPUS}/pod-security-standards`);
  }
  expect(new Set(used)).toEqual(new Set([...Object.keys(STRICTER), ...Object.keys(LOOSER)]));
});
