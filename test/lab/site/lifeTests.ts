/** What must hold while a site's machines are drained and replaced by `npm run site`, with pilots at work all the time. */
import { expect, it } from "vitest";
import { inventory } from "../lab";
import type { RunningSite } from "./insideTests";
import { pilotFor, pilots, submitPilots } from "./mainJob";

/** How long a pilot computes, in seconds: long enough to be met at work. */
const PILOT_SECONDS = 25;

/** When the command is killed, in milliseconds: on an idle machine in the middle of its `pulumi up`, on a busy one before it. */
const KILL_AFTER_MS = 20_000;

/** Registers the tests. @param running the site; asked for only when a test runs */
export function testsLife(running: () => RunningSite, log: (line: string) => void): void {
  /** Uid of each node. */
  const uids = async () =>
    new Map((await running().cluster.nodes()).map(({ name, uid }): [string, string] => [name, uid]));

  /** What differs between two moments. */
  const replacedSince = async (before: ReadonlyMap<string, string>) =>
    [...(await uids())].filter(([name, uid]) => before.get(name) !== uid).map(([name]) => name);

  it("is well by its own check: every machine in service, and a Job of the queue finds its CVMFS", async () => {
    const said = await running().stack.site("check");
    log(said.trim());
    expect(said).toContain("ok      /cvmfs/atlas.cern.ch");
    expect(said).toMatch(/stack lab is well$/m);
  });

  it("replaces a worker that works: its pilot ends by itself, the new machine is in service, no other is touched", async () => {
    const { lab, stack, cluster, harvester } = running();
    const before = await uids();
    const order = { ...pilotFor(stack, pilots(1, 1)), seconds: PILOT_SECONDS };
    const pilot = submitPilots(lab, harvester, order);
    const where = ["get", "pods", "-n", order.namespace, "--field-selector=status.phase=Running"];
    const machine = await cluster.waitFor(
      "a pilot to run",
      async () =>
        (await cluster.kubectl(...where, "-o", "jsonpath={.items[*].spec.nodeName}")).split(" ").find(Boolean),
      () => cluster.kubectl("get", "pods", "-n", order.namespace, "-o", "wide"),
    );
    const begun = await stack.attemptSite("replace", [machine, "--for-minutes", "0"]);
    expect(begun.stdout).toContain(`cordoning ${machine}`);
    expect(begun.code).toBe(3);
    expect(await stack.site("status")).toMatch(new RegExp(`${machine} .*cordoned \\(replace by`));
    // Another operation does not begin while this one is unfinished.
    const other = [...before.keys()].find((name) => name.includes("batch") && name !== machine) ?? "";
    expect((await stack.attemptSite("replace", [other])).stderr).toContain("an operation is unfinished");
    const start = Date.now();
    log((await stack.site("replace", machine)).trim());
    log(`replaced ${machine} in ${((Date.now() - start) / 1000).toFixed(1)} s`);
    expect((await pilot).jobs.map(({ reason }) => reason)).toEqual([undefined]);
    expect(await replacedSince(before)).toEqual([machine]);
    expect(await stack.site("status")).toContain(`${before.size} of ${before.size} machines in service`);
    await stack.upUnchanged();
  });

  it("replaces a dead worker, its command killed on the way and repeated, and leaves nothing of the old one", async () => {
    const { lab, stack } = running();
    const before = await uids();
    const machine = "lab-batch-0";
    const stopped = await lab.exec("openstack", ["server", "stop", machine], { env: stack.environment });
    expect(stopped.code, stopped.stderr).toBe(0);
    await running().cluster.waitFor(
      "the server to be off",
      async () => {
        const shown = await lab.exec("openstack", ["server", "show", machine, "-f", "value", "-c", "status"], {
          env: stack.environment,
        });
        return shown.stdout.trim() === "SHUTOFF" ? true : undefined;
      },
      () => Promise.resolve(""),
    );
    const killed = await stack.attemptSite("replace", [machine], { timeoutMs: KILL_AFTER_MS });
    log(`killed after ${KILL_AFTER_MS / 1000} s, exit ${killed.code}:\n${killed.stdout}`);
    await stack.attempt(["cancel", "--yes"]);
    await stack.recover();
    const done = await running().cluster.waitFor(
      "the killed command's lease to run out",
      async () => {
        const again = await stack.attemptSite("replace", [machine]);
        return again.stderr.includes("is at work on this site") ? undefined : again;
      },
      () => stack.site("status"),
    );
    log(done.stdout.trim());
    expect(done.code, done.stderr).toBe(0);
    expect(await replacedSince(before)).toEqual([machine]);
    expect((await inventory(lab)).servers.map((server) => server.split(" ")[0]).sort()).toEqual(
      [...before.keys()].sort(),
    );
    await stack.upUnchanged();
  });
}
