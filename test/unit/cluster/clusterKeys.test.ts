import { describe, expect, test } from "vitest";
import { ClusterKeys, renewalWarning } from "../../../components/cluster/ClusterKeys";
import { record, type Request } from "../../../stacks/site/offline/recorder";
import { settle } from "../../support/program";

const STASH = "pulumi:index:Stash";
const args = {
  siteName: "uvic",
  clients: {
    administrator: { user: "atlas-site:administrator", groups: ["kubeadm:cluster-admins"] },
    harvester: { user: "atlas-site:harvester", groups: [] },
  },
  pools: ["control", "batch"],
  credentialsGeneration: 3,
  tokensGeneration: 7,
};

async function stashes(preview = false): Promise<{ keys: ClusterKeys; found: Request[] }> {
  const { recording, result } = await record({ preview }, () => new ClusterKeys("cluster", args));
  return { keys: result, found: recording.ofType(STASH) };
}

describe("the cluster's keys", () => {
  test("are kept one by one: CAs, a certificate a client, a token a pool", async () => {
    const { found } = await stashes();
    expect(found.map(({ name, replacementTrigger }) => [name, replacementTrigger])).toEqual([
      ["cluster-cas", 1],
      ["cluster-client-administrator", 3],
      ["cluster-client-harvester", 3],
      ["cluster-token-batch", 7],
      ["cluster-token-control", 7],
    ]);
  });

  test("stay as they were drawn: a later run's fresh ones are ignored", async () => {
    const { found } = await stashes();
    found.forEach(({ ignoreChanges }) => expect(ignoreChanges).toEqual(["input"]));
  });

  test("are secret going in and coming out", async () => {
    const { keys, found } = await stashes();
    for (const { secrets, secretOutputs } of found) {
      expect(secrets).toEqual(["input"]);
      expect(secretOutputs).toEqual(expect.arrayContaining(["input", "output"]));
    }
    for (const value of [keys.cas, keys.client("harvester"), keys.token("batch")]) {
      expect((await settle(value)).secret).toBe(true);
    }
  });

  test("are known in the first preview already, so that it can show user data and kubeconfigs", async () => {
    const { keys } = await stashes(true);
    expect((await settle(keys.client("administrator"))).value).toMatchObject({
      certPem: expect.stringContaining("BEGIN CERTIFICATE") as string,
    });
    expect((await settle(keys.token("control"))).value).toMatch(/^[a-z0-9]{6}\.[a-z0-9]{16}$/);
  });

  test("of a client or pool nobody asked for are refused with the names there are", async () => {
    const { keys } = await stashes();
    expect(() => keys.client("nobody")).toThrow(
      'no client "nobody" in the cluster\'s keys; there are administrator, harvester',
    );
    expect(() => keys.token("gpu")).toThrow('no pool "gpu" in the cluster\'s keys; there are control, batch');
  });

  test("are said to end soon in the last thirty days, with the way to new ones", () => {
    expect(renewalWarning("harvester", 30)).toBeUndefined();
    expect(renewalWarning("harvester", 29)).toMatch(/"harvester" ends in 29 days\. Raise .* credentialsGeneration/);
    expect(renewalWarning("harvester", -1)).toContain("ends in -1 days");
  });
});
