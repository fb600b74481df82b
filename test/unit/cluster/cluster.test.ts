import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { caCertHash, type ClusterCas } from "../../../components/cluster/pki";
import type { Recording, Request } from "../../../stacks/site/offline/recorder";
import { runProgram } from "../../support/program";
import { bootTexts } from "../../support/secretScan";

const PROVIDER = "pulumi:providers:kubernetes";
const SECRET = "kubernetes:core/v1:Secret";

function incarnation(recording: Recording): Request {
  return recording.only("pulumi:index:Stash", "cluster-incarnation");
}

describe("a kubeadm cluster", () => {
  test("is one incarnation for as long as the control plane's generation stays", async () => {
    const first = (await runProgram("small")).recording;
    const second = (await runProgram("zonesVolumesTaints")).recording;
    for (const [recording, site, generation] of [
      [first, "small", 1],
      [second, "spread", 2],
    ] as const) {
      expect(incarnation(recording).inputs).toEqual({ input: `${site}-${generation}` });
      expect(incarnation(recording).replacementTrigger).toBe(generation);
      expect(recording.only(PROVIDER).inputs.clusterIdentifier).toBe(`${site}-${generation}`);
    }
  });

  test("is reached by server-side apply through a context of its own, with a secret kubeconfig", async () => {
    const provider = (await runProgram("small")).recording.only(PROVIDER);
    expect(provider.inputs).toMatchObject({
      enableServerSideApply: expect.stringMatching(/true/) as string,
      // A ConfigMap or Secret that is replaced takes along whatever names it.
      enableConfigMapMutable: expect.stringMatching(/true/) as string,
      enableSecretMutable: expect.stringMatching(/true/) as string,
      context: "administrator@small",
    });
    expect(provider.secrets).toEqual(["kubeconfig"]);
    expect(parse(String(provider.inputs.kubeconfig))).toMatchObject({ "current-context": "administrator@small" });
  });

  test("is waited for by the administrator at its endpoint, once the control plane's machines are there", async () => {
    const { waits, recording } = await runProgram("zonesVolumesTaints");
    expect(waits).toHaveLength(1);
    expect(waits[0]).toMatchObject({
      server: "https://10.64.0.2:6443",
      deadlineMs: 15 * 60_000,
      machines: ["spread-control-0", "spread-control-1", "spread-control-2"],
    });
    const from = recording.only(PROVIDER).inputDependencies.kubeconfig.map((urn) => recording.byUrn(urn));
    const instances = from.filter(({ type }) => type === "openstack:compute/instance:Instance");
    expect(instances.map(({ name }) => name).sort()).toEqual(["control-0", "control-1", "control-2"]);
  });

  test("lets each machine in by its own pool's token, and tells it the fingerprint of its own CA", async () => {
    const run = await runProgram("small");
    const drawn = (name: string) => run.recording.only("pulumi:index:Stash", name).inputs.input;
    const { cluster } = drawn("cluster-cas") as ClusterCas;
    const fingerprint = await caCertHash(cluster);
    const boots = bootTexts(run);
    expect(boots.length).toBeGreaterThan(2);
    for (const [machine, text] of boots) {
      const [own, other] = machine.startsWith("control") ? ["control", "batch"] : ["batch", "control"];
      const holds = [`cluster-token-${own}`, `cluster-token-${other}`].map((name) =>
        text.includes(` token: ${String(drawn(name))}\n`),
      );
      expect([machine, ...holds, text.includes(fingerprint)]).toEqual([machine, true, false, true]);
    }
  });

  test("is never waited for in a preview", async () => {
    expect((await runProgram("small", { preview: true })).waits).toEqual([]);
  });

  test("knows each pool's token by its public half, and hides the other", async () => {
    const { recording } = await runProgram("small");
    const tokens = recording.ofType(SECRET);
    expect(tokens.map(({ name }) => name)).toEqual(["cluster-token-batch", "cluster-token-control"]);
    for (const { name, inputs, secrets, visible } of tokens) {
      const token = String(recording.only("pulumi:index:Stash", name).inputs.input);
      const [id, secret] = token.split(".");
      expect(inputs).toMatchObject({
        metadata: { name: `bootstrap-token-${id}`, namespace: "kube-system" },
        type: "bootstrap.kubernetes.io/token",
        stringData: {
          "token-id": id,
          "token-secret": secret,
          "usage-bootstrap-authentication": "true",
          "usage-bootstrap-signing": "true",
          "auth-extra-groups": "system:bootstrappers:kubeadm:default-node-token",
        },
      });
      expect(secrets.some((path) => "stringData.token-secret".startsWith(path))).toBe(true);
      expect(JSON.stringify(visible)).not.toContain(secret);
      expect(inputs.stringData).not.toHaveProperty("expiration");
    }
  });

  test("takes its tokens with it when it starts anew", async () => {
    const { recording } = await runProgram("small");
    for (const token of recording.ofType(SECRET)) {
      expect(token.deletedWith).toBe(incarnation(recording).urn);
      expect(token.replaceWith).toEqual([incarnation(recording).urn]);
    }
  });
});

describe("an existing cluster", () => {
  test("is the one its kubeconfig names; its identifier alone says when it is another", async () => {
    const { recording, outputs } = await runProgram("existing");
    expect(recording.ofType("pulumi:index:Stash")).toEqual([]);
    expect(recording.only(PROVIDER).inputs.clusterIdentifier).toBe("guest-cluster");
    expect(recording.only(PROVIDER).secrets).toEqual(["kubeconfig"]);
    expect(outputs.apiUrl).toEqual({ value: "https://guest.example:6443", secret: false });
  });

  test("gets neither machines nor keys of ours", async () => {
    const { recording, waits } = await runProgram("existing");
    expect(recording.requests.filter(({ type }) => type.startsWith("openstack:"))).toEqual([]);
    expect(recording.ofType("atlas-site:cluster:ClusterKeys")).toEqual([]);
    expect(waits).toEqual([]);
  });
});
