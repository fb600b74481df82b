/** The whole program, on every shipped site and on variants that show one feature each. */
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { HIDDEN, texts, UNKNOWN } from "../../support/properties";
import { runProgram, type ProgramRun } from "../../support/program";
import type { Recording, Request } from "../../support/recorder";
import { expectGolden } from "../../support/golden";
import { outsideSubset } from "../../support/openstackSubset";
import { shippedStacks, variantNames } from "../../support/sites";

const SITES = [...shippedStacks(), ...variantNames.filter((name) => name !== "largest")];
const STASH = "pulumi:index:Stash";

/** Whether a request says by itself, or by a component above it, which resource takes it away. */
function deletedWith(recording: Recording, request: Request): string {
  return [request, ...recording.ancestors(request)].find((one) => one.deletedWith !== "")?.deletedWith ?? "";
}

/** Everything secret that a run drew or was given: keys, tokens' private halves, kubeconfigs. */
function secretTexts({ recording, outputs }: ProgramRun): string[] {
  const kept = recording.ofType(STASH).filter(({ secrets }) => secrets.length > 0);
  const drawn = kept.flatMap(({ name, inputs }) =>
    name.includes("-token-") ? [String(inputs.input).split(".")[1]] : texts(inputs).filter((text) => !isPublic(text)),
  );
  const given = Object.values(outputs).filter(({ secret }) => secret);
  return [...drawn, ...given.flatMap(({ value }) => texts(value))];
}

function isPublic(text: string): boolean {
  return /^-----BEGIN (CERTIFICATE|PUBLIC KEY)/.test(text);
}

/** A text and what it looks like once packed: in base64, and as JSON has it. */
function guises(text: string): string[] {
  return [text, Buffer.from(text).toString("base64"), JSON.stringify(text).slice(1, -1)];
}

describe.each(SITES)("the program on %s", (name) => {
  test("asks in a preview for exactly the resources it asks for in an update", async () => {
    const [preview, update] = [await runProgram(name, { preview: true }), await runProgram(name)];
    expect(preview.recording.urns()).toEqual(update.recording.urns());
    expect(update.recording.urns().length).toBeGreaterThan(5);
  });

  test("leaves nothing unknown in an update", async () => {
    const { recording } = await runProgram(name);
    const unknown = recording.requests.filter(({ inputs }) => texts(inputs).includes(UNKNOWN));
    expect(unknown.map(({ urn }) => urn)).toEqual([]);
  });

  test("names a provider of its own for every object of cluster and cloud", async () => {
    const { recording } = await runProgram(name);
    for (const request of recording.requests.filter(({ type }) => /^(kubernetes|openstack):/.test(type))) {
      const [kind] = request.type.split(":");
      const provider = recording.only(`pulumi:providers:${kind}`);
      expect(request.provider, request.urn).toBe(`${provider.urn}::${provider.name}-id`);
    }
    expect(recording.ofType("pulumi:providers:kubernetes")).toHaveLength(1);
  });

  test("asks OpenStack only for what both lines of its provider have", async () => {
    expect(outsideSubset((await runProgram(name)).recording)).toEqual([]);
  });

  test("lets every object of a cluster of ours go with its incarnation, and deletes each from any other", async () => {
    const { recording } = await runProgram(name);
    const ours = recording.ofType(STASH).find((stash) => stash.name === "cluster-incarnation");
    expect(ours === undefined).toBe(name === "existing");
    const incarnation = ours?.urn ?? "";
    const objects = recording.requests.filter(({ type }) => type.startsWith("kubernetes:"));
    expect(objects.length).toBeGreaterThan(0);
    objects.forEach((object) =>
      expect([object.urn, deletedWith(recording, object)]).toEqual([object.urn, incarnation]),
    );
  });

  test("keeps the incarnation itself, the keys and the cloud from going with anything", async () => {
    const { recording } = await runProgram(name);
    const others = recording.requests.filter(({ type }) => /^(openstack:|pulumi:)/.test(type));
    others.forEach((request) => expect([request.urn, deletedWith(recording, request)]).toEqual([request.urn, ""]));
    recording.requests.forEach((request) => expect(request.retainOnDelete).toBe(false));
  });

  test("puts every resource into a component of a layer, and every component says it is complete", async () => {
    const { recording } = await runProgram(name);
    for (const request of recording.requests) {
      if (!request.custom) {
        expect(request.type).toMatch(
          /^atlas-site:(cloud|cluster|network|security|cvmfs|monitoring|harvester|accounting):[A-Z]\w+$/,
        );
        expect([...recording.componentOutputs.keys()]).toContain(request.urn);
      } else if (!request.type.startsWith("pulumi:providers:")) {
        const parent = recording.byUrn(request.parent);
        expect([request.urn, parent.custom]).toEqual([request.urn, false]);
      }
    }
  });

  test("names children after their parent's name", async () => {
    const { recording } = await runProgram(name);
    for (const request of recording.requests.filter(({ parent }) => parent !== "")) {
      const parent = recording.byUrn(request.parent);
      expect(request.name === parent.name || request.name.startsWith(`${parent.name}-`), request.urn).toBe(true);
    }
  });

  test("shows no key and no token to anybody: not in inputs, not in components' outputs, not in plain outputs", async () => {
    const run = await runProgram(name);
    const secrets = secretTexts(run).flatMap(guises);
    expect(secrets.length).toBeGreaterThan(0);
    const shown = [
      ...run.recording.requests.map(({ urn, visible }) => [urn, JSON.stringify(visible)] as const),
      ...[...run.recording.componentOutputs].map(
        ([urn, outputs]) => [`outputs of ${urn}`, JSON.stringify(outputs)] as const,
      ),
      ...Object.entries(run.outputs).map(
        ([output, { secret, value }]) => [output, secret ? HIDDEN : JSON.stringify(value)] as const,
      ),
    ];
    const leaks = shown.filter(
      ([, text]) => /PRIVATE KEY/.test(text) || secrets.some((secret) => text.includes(secret)),
    );
    expect(leaks.map(([where]) => where)).toEqual([]);
  });

  test("gives kubeconfigs as secrets, the API's address in clear", async () => {
    const { outputs } = await runProgram(name);
    expect(Object.keys(outputs).sort()).toEqual(["apiUrl", "harvesterKubeconfigs", "kubeconfig"]);
    expect([outputs.apiUrl.secret, outputs.kubeconfig.secret]).toEqual([false, true]);
    expect(texts(outputs.harvesterKubeconfigs.value).length === 0 || outputs.harvesterKubeconfigs.secret).toBe(true);
  });

  test("boots no worker with an authority's key", async () => {
    const { recording } = await runProgram(name);
    const keys = recording.ofType(STASH).filter((stash) => stash.name === "cluster-authorities");
    const privateTexts = keys.flatMap(({ inputs }) => texts(inputs)).filter((text) => !isPublic(text));
    for (const { name: machine, inputs } of recording.ofType("openstack:compute/instance:Instance")) {
      const boot =
        typeof inputs.userData === "string" ? gunzipSync(Buffer.from(inputs.userData, "base64")).toString() : "";
      const lines = privateTexts
        .flatMap((text) =>
          text
            .trim()
            .split("\n")
            .slice(text.includes("-----") ? 1 : 0),
        )
        .filter((line) => !line.startsWith("-----"));
      const found = lines.filter((line) => boot.includes(line));
      expect([machine, found.length]).toEqual([machine, /^control/.test(machine) ? lines.length : 0]);
    }
  });
});

describe("stable names", () => {
  test.each(shippedStacks())(
    "the URNs of %s are the golden ones: a name that goes takes a running resource with it",
    async (stack) => {
      const { recording } = await runProgram(stack);
      expectGolden(`urns/${stack}.txt`, `${recording.urns().join("\n")}\n`);
    },
  );

  test("the program asks for nothing else when it is run again on the same site", async () => {
    const shape = ({ recording }: ProgramRun) =>
      recording.requests.map(({ urn, ignoreChanges, parent }) => [urn, parent, ignoreChanges]).sort();
    // As another test file would: with nothing kept from the first run.
    const [first, second] = [await runProgram("small"), await runProgram("small", { preview: true })];
    expect(shape(second)).toEqual(shape(first));
  });
});
