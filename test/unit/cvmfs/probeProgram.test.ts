/** The probe's program at work: what it makes of healthy, missing and hanging repositories, of others' taints and of a lost API. */
import { spawnSync } from "node:child_process";
import { renameSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeClusterCas, type KeyPair } from "../../../components/cluster/pki";
import { UNREADY_TAINT } from "../../../components/cvmfs/names";
import { probeSettings } from "../../../components/cvmfs/probeProgram";
import { cvmfsSchema } from "../../../stacks/site/schema/cvmfs";
import type { HostCvmfs } from "../../../stacks/site/site";
import { ProbeRun } from "../../support/probeRun";

const OTHER = { key: "site.example/other", effect: "NoExecute" };
/** Quick rounds; where nothing hangs a look may take its time, since the machine may be busy. */
const settings = {
  ...probeSettings(cvmfsSchema.parse({ mode: "host" }) as HostCvmfs, false),
  periodSeconds: 0.1,
  timeoutSeconds: 60,
  liftAfterRounds: 3,
};
const HANGS_AFTER = 2;
let ca: KeyPair;
let run: ProbeRun;

beforeAll(async () => {
  ca = (await makeClusterCas("probe")).cluster;
});

beforeEach(() => {
  run = new ProbeRun(settings, ca);
});

afterEach(() => run.end());

describe("the probe", { timeout: 90_000 }, () => {
  test("frees a new node after its first good round, keeps others' taints, and then leaves the API alone", async () => {
    await run.start([OTHER, UNREADY_TAINT]);
    await run.until("the node is free of the taint", () => run.api.taints().join() === OTHER.key);
    expect(await run.metric("rounds_total")).toBeLessThan(3);
    await run.roundsPass(5);
    expect(run.api.seen).toEqual(["GET first-token 200", "PATCH first-token 200"]);
    await run.until("the probe says it is ready", async () => (await run.ask("/readyz")).status === 200);
    expect(await run.ask("/healthz")).toMatchObject({ status: 200 });
    expect(await run.metric("node_tainted")).toBe(0);
    for (const { name, path } of settings.repositories) {
      expect(await run.metric("repository_up", name)).toBe(1);
      const age = await run.metric("last_update_age_seconds", name);
      if (path === undefined) expect(age).toBeNaN();
      else expect(age).toBeGreaterThan(99);
    }
  });

  test("taints a node that lacks a repository, however old the others are, and frees it after the good rounds it was told", async () => {
    run.write("sft.cern.ch/lcg/lastUpdate", "Sat Nov 25 12:00:00 UTC 2006 | publisher | 1164456000\n");
    renameSync(run.file("unpacked.cern.ch"), run.file("elsewhere"));
    await run.start([OTHER]);
    await run.until("the node is tainted", () => run.api.taints().join() === `${OTHER.key},${UNREADY_TAINT.key}`);
    expect(run.said).toContain("unpacked.cern.ch: NOT WELL: [Errno 2] No such file or directory");
    expect(await run.metric("repository_up", "unpacked.cern.ch")).toBe(0);
    expect(await run.metric("repository_up", "sft.cern.ch")).toBe(1);
    expect(await run.metric("last_update_age_seconds", "sft.cern.ch")).toBeGreaterThan(1e8);
    const bad = await run.metric("rounds_total");
    renameSync(run.file("elsewhere"), run.file("unpacked.cern.ch"));
    await run.until("the node is free again", () => run.api.taints().join() === OTHER.key);
    expect((await run.metric("rounds_total")) - bad).toBeGreaterThanOrEqual(2);
  });

  test("taints a node whose repository hangs, never with a second look beside the hanging one, and comes back", async () => {
    await run.start([], HANGS_AFTER);
    await run.until("a round is done", async () => (await run.metric("rounds_total")) >= 1);
    const path = "atlas-condb.cern.ch/repo/conditions/logDir/lastUpdate";
    run.hang(path);
    await run.until("the node is tainted", () => run.api.taints().join() === UNREADY_TAINT.key);
    expect(run.said).toMatch(/atlas-condb\.cern\.ch: NOT WELL: no answer in/);
    for (let look = 0; look < 40; look++) {
      expect(run.looksAt(path)).toBeLessThanOrEqual(1);
      await sleep(25);
    }
    expect(await run.ask("/healthz")).toMatchObject({ status: 200 });
    await run.until("the probe says it is ready", async () => (await run.ask("/readyz")).status === 200);
    run.release(path);
    await run.until("the node is free again", () => run.api.taints().length === 0);
    expect(await run.metric("probes_hung")).toBe(0);
  });

  test("starts when a repository hangs already, and an empty directory is no repository", async () => {
    rmSync(run.file("grid.cern.ch/etc"), { recursive: true });
    run.hang("sft.cern.ch/lcg/lastUpdate");
    await run.start([], HANGS_AFTER);
    await run.until("the node is tainted", () => run.api.taints().join() === UNREADY_TAINT.key);
    expect(run.said).toContain("grid.cern.ch: NOT WELL: the directory is empty");
    await run.until("the probe says it is ready", async () => (await run.ask("/readyz")).status === 200);
  });

  test("loses no taint that another sets between its read and its write", async () => {
    await run.start([OTHER, UNREADY_TAINT]);
    const late = { key: "site.example/late", effect: "NoSchedule" };
    run.api.meanwhile = () => {
      run.api.meanwhile = undefined;
      run.api.change([OTHER, UNREADY_TAINT, late]);
    };
    await run.until("the node is free of the taint", () => !run.api.taints().includes(UNREADY_TAINT.key));
    expect(run.api.taints()).toEqual([OTHER.key, late.key]);
    expect(run.api.seen.filter((line) => line.startsWith("PATCH"))).toEqual([
      "PATCH first-token 409",
      "PATCH first-token 200",
    ]);
  });

  test("keeps trying while the API is away, with the token of the day", async () => {
    await run.start([]);
    await run.until("a round is done", async () => (await run.metric("rounds_total")) >= 1);
    run.api.away = true;
    rmSync(run.file("atlas.cern.ch"), { recursive: true });
    await run.until("the API was missed", async () => (await run.metric("api_errors_total")) >= 2);
    expect(await run.ask("/readyz")).toMatchObject({ status: 503 });
    expect(await run.ask("/healthz")).toMatchObject({ status: 200 });
    run.renewToken("second-token");
    run.api.away = false;
    await run.until("the node is tainted", () => run.api.taints().join() === UNREADY_TAINT.key);
    expect(run.api.seen.at(-1)).toBe("PATCH second-token 200");
  });

  test("begins no second look while the first one ignores even its kill, as a process in the kernel's hands does", () => {
    const program = [
      "import sys, repository",
      "begun = []",
      "class Stuck(repository.Look):",
      "    def __init__(self, path, root):",
      "        begun.append(path)",
      "        super().__init__(path, root)",
      "    def kill(self):",
      "        self.killed = True",
      "repository.Look = Stuck",
      "one = repository.Repository(sys.argv[1], 'sft.cern.ch', 'lcg/lastUpdate', lambda text: None)",
      "for _ in range(5):",
      "    one.begin()",
      "    one.finish()",
      "print(len(begun), one.well, one.hung(), one.pending())",
      "one.look.child.kill()",
      "one.look.child.wait()",
      "one.begin()",
      "print(len(begun), one.hung())",
      "one.look.child.kill()",
    ];
    run.hang("sft.cern.ch/lcg/lastUpdate");
    const done = spawnSync("python3", ["-B", "-c", program.join("\n"), run.base], {
      encoding: "utf8",
      env: { PATH: process.env.PATH, PYTHONPATH: run.program },
    });
    expect(done.stdout + done.stderr).toBe("1 False True False\n2 False\n");
  });

  test("ends at once when it is told to, and leaves the taint as it is", async () => {
    run.hang("sft.cern.ch/lcg/lastUpdate");
    await run.start([], HANGS_AFTER);
    await run.until("the node is tainted", () => run.api.taints().length === 1);
    expect(await run.terminate()).toBe(0);
    expect(run.api.taints()).toEqual([UNREADY_TAINT.key]);
  });
});
