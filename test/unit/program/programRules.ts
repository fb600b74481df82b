/** What holds for the whole program on every site. */
import { beforeAll, describe, expect, test } from "vitest";
import { loadSite } from "../../../stacks/site/load";
import { dump } from "../../../stacks/site/offline/dump";
import { planText } from "../../../stacks/site/offline/planText";
import { texts, UNKNOWN } from "../../../stacks/site/offline/properties";
import type { Recording, Request } from "../../../stacks/site/offline/recorder";
import { dumpRules } from "../../support/dumpRules";
import { outsideSubset } from "../../support/openstackSubset";
import { runProgram, type ProgramRun } from "../../support/program";
import { caKeyLines, bootTexts, leaks, secretTexts } from "../../support/secretScan";
import { shippedStacks, site, stackFileText, variants, type Sections, type Variant } from "../../support/sites";

const STASH = "pulumi:index:Stash";
const MAGNUM = "openstack:containerinfra/cluster:Cluster";
/** Hundreds of machines take seconds, and many more where other tests run beside them. */
const RUN_DEADLINE_MS = 180_000;

/** Whether a request says by itself, or by a component above it, which resource takes it away. */
function deletedWith(recording: Recording, request: Request): string {
  return [request, ...recording.ancestors(request)].find((one) => one.deletedWith !== "")?.deletedWith ?? "";
}

function siteOf(name: string) {
  return shippedStacks().includes(name)
    ? loadSite(name, stackFileText(name), `stacks/Pulumi.${name}.yaml`)
    : site(name as Variant);
}

/** Whether the machines are the site's own. */
function ownMachines(name: string): boolean {
  return shippedStacks().includes(name) || (variants[name as Variant] as Sections).cloud !== undefined;
}

/** Registers the tests of a site: a shipped stack or a variant. */
export function programRules(name: string): void {
  describe(`the program on ${name}`, () => {
    let preview: ProgramRun;
    let update: ProgramRun;
    beforeAll(async () => {
      preview = await runProgram(name, { preview: true });
      update = await runProgram(name);
    }, RUN_DEADLINE_MS);

    test("asks in a preview for exactly the resources it asks for in an update", () => {
      expect(preview.recording.urns()).toEqual(update.recording.urns());
      expect(update.recording.urns().length).toBeGreaterThan(5);
    });

    test("keeps every rule of dumps", () => {
      const found = dumpRules.flatMap((rule) =>
        rule.breaches(update, siteOf(name)).map((breach) => `${rule.title}: ${breach}`),
      );
      expect(found).toEqual([]);
    });

    test("leaves nothing unknown in an update", () => {
      const unknown = update.recording.requests.filter(({ inputs }) => texts(inputs).includes(UNKNOWN));
      expect(unknown.map(({ urn }) => urn)).toEqual([]);
    });

    test("names a provider of its own for every object of cluster and cloud", () => {
      const { recording } = update;
      for (const request of recording.requests.filter(({ type }) => /^(kubernetes|openstack):/.test(type))) {
        const [kind] = request.type.split(":");
        const provider = recording.only(`pulumi:providers:${kind}`);
        expect(request.provider, request.urn).toBe(`${provider.urn}::${provider.name}-id`);
      }
      expect(recording.ofType("pulumi:providers:kubernetes")).toHaveLength(1);
    });

    test("asks OpenStack only for what both lines of its provider have", () => {
      expect(outsideSubset(update.recording)).toEqual([]);
    });

    test("lets every object of a cluster of ours go with its incarnation, and deletes each from any other", () => {
      const { recording } = update;
      const ours = recording.ofType(STASH).find((stash) => stash.name === "cluster-incarnation");
      expect(ours !== undefined).toBe(ownMachines(name));
      // Magnum's cluster is its own incarnation.
      const incarnation = (ours ?? recording.ofType(MAGNUM)[0])?.urn ?? "";
      const objects = recording.requests.filter(({ type }) => type.startsWith("kubernetes:"));
      expect(objects.length).toBeGreaterThan(0);
      objects.forEach((object) =>
        expect([object.urn, deletedWith(recording, object)]).toEqual([object.urn, incarnation]),
      );
    });

    test("keeps the incarnation itself, the keys and the cloud from going with anything, but a rule with its group and a node group with its cluster", () => {
      const { recording } = update;
      const others = recording.requests.filter(({ type }) => /^(openstack:|pulumi:)/.test(type));
      others.forEach((request) => {
        const rule = request.type === "openstack:networking/secGroupRule:SecGroupRule";
        const nodeGroup = request.type === "openstack:containerinfra/nodeGroup:NodeGroup";
        const whole = rule
          ? request.inputDependencies.securityGroupId
          : nodeGroup
            ? request.inputDependencies.clusterId
            : [];
        expect([request.urn, deletedWith(recording, request)]).toEqual([request.urn, whole[0] ?? ""]);
      });
      recording.requests.forEach((request) => expect(request.retainOnDelete).toBe(false));
    });

    test("puts every resource into a component of a layer, and every component says it is complete", () => {
      const { recording } = update;
      const layer =
        /^atlas-site:(kubernetes|cloud|cluster|network|storage|security|cvmfs|monitoring|traceability|harvester|accounting):[A-Z]\w+$/;
      for (const request of recording.requests) {
        if (!request.custom) {
          expect(request.type).toMatch(layer);
          expect([...recording.componentOutputs.keys()]).toContain(request.urn);
        } else if (!request.type.startsWith("pulumi:providers:")) {
          const parent = recording.byUrn(request.parent);
          expect([request.urn, parent.custom]).toEqual([request.urn, false]);
        }
      }
    });

    test("names children after their parent's name", () => {
      const { recording } = update;
      const strange = recording.requests.filter(({ parent, name: own }) => {
        const above = parent === "" ? undefined : recording.byUrn(parent).name;
        return above !== undefined && own !== above && !own.startsWith(`${above}-`);
      });
      expect(strange.map(({ urn }) => urn)).toEqual([]);
    });

    test("shows no key, token or credential to anybody: not in manifests, outputs, dump or plan", () => {
      expect(secretTexts(update).length).toBeGreaterThan(0);
      const made = { dump: dump(update.recording), plan: planText(siteOf(name), update) };
      expect(leaks(update, made)).toEqual([]);
    });

    test("hides in a preview what it hides in an update, where it is known at all", () => {
      const open = update.recording.requests.flatMap(({ urn, secrets }) => {
        const early = preview.recording.byUrn(urn);
        return secrets
          .filter((path) => !early.secrets.includes(path) && early.inputs[path] !== UNKNOWN)
          .map((path) => `${urn} ${path}`);
      });
      expect(open).toEqual([]);
    });

    test("gives kubeconfigs as secrets, the API's address in clear", () => {
      const { outputs } = update;
      expect([outputs.apiUrl.secret, outputs.kubeconfig.secret]).toEqual([false, true]);
      const kubeconfigs = Object.entries(outputs).filter(([output]) => /kubeconfigs?$/i.test(output));
      const open = kubeconfigs.filter(([, { secret, value }]) => !secret && texts(value).length > 0);
      expect(open.map(([output]) => output)).toEqual([]);
    });

    test("boots no worker with a CA's key, and no machine with a credential of cloud or database", () => {
      const lines = caKeyLines(update);
      for (const [machine, boot] of bootTexts(update)) {
        const found = lines.filter((line) => boot.includes(line));
        expect([machine, found.length]).toEqual([machine, /^control/.test(machine) ? lines.length : 0]);
        expect([machine, /given-(cloud|database)/.test(boot)]).toEqual([machine, false]);
      }
      expect(lines.length > 0).toBe(ownMachines(name));
    });
  });
}
