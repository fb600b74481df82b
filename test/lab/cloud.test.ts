/**
 * The lab's cloud itself: its self-test, machines that outlive their Nova, and starts and ends that are killed half-way.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { check } from "./commands/check";
import { leftovers } from "./down";
import { currentPaths, inventory, labDown, labUp, openLab, type Lab } from "./lab";
import { namespaceFile } from "./namespace";
import { isAlive, readRecord } from "./processes";

const MINUTE = 60_000;
const log = (line: string) => process.stderr.write(`${line}\n`);
const paths = currentPaths();
const recordOf = (daemon: string) => readRecord(join(paths.run, `${daemon}.json`));

/** Starts a lab command in a process of its own, and ends it by SIGKILL the moment a condition holds. */
async function killedWhen(command: string, what: string, condition: () => boolean): Promise<void> {
  const child = spawn(process.execPath, ["--import", "tsx", join(__dirname, "cli.ts"), command], {
    env: { ...process.env, ATLAS_LAB_DRIVER: "fake" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const exit = once(child, "exit");
  // Long enough for empty databases on a busy machine: none is ever filled where every start is killed.
  const end = Date.now() + 4 * MINUTE;
  try {
    while (!condition()) {
      if (child.exitCode !== null) throw new Error(`lab ${command} ended (${child.exitCode}) before ${what}`);
      if (Date.now() > end) throw new Error(`lab ${command}: waited 4 min for ${what}`);
      await sleep(5);
    }
  } finally {
    child.kill("SIGKILL");
  }
  await exit;
}

describe.sequential("a lab that is killed", () => {
  beforeAll(() => labDown(log), MINUTE);
  afterAll(() => labDown(log), MINUTE);

  it.each([
    ["its namespace is made", () => existsSync(namespaceFile)],
    ["databases are laid down", () => existsSync(join(paths.mysql, "ibdata1"))],
    ["the database has started", () => recordOf("mariadb") !== undefined],
    ["Nova starts", () => recordOf("nova-compute") !== undefined],
  ])("in `up`, when %s, is wholly cleared away by `down`", { timeout: 6 * MINUTE }, async (what, condition) => {
    await killedWhen("up", what, condition);
    expect(leftovers(paths)).not.toEqual([]);
    await labDown(log);
    expect(leftovers(paths)).toEqual([]);
  });

  it("in `down` is cleared away by the next", { timeout: 3 * MINUTE }, async () => {
    await killedWhen("up", "the database starts", () => recordOf("memcached") !== undefined);
    const mariadb = recordOf("mariadb");
    await killedWhen("down", "the first daemon has ended", () => !mariadb || !isAlive(mariadb));
    await labDown(log);
    expect(leftovers(paths)).toEqual([]);
  });
});

describe.sequential("the lab's cloud", () => {
  let lab: Lab;
  const openstack = async (...args: string[]) => {
    const done = await lab.exec("/usr/bin/openstack", args, { env: lab.cloudEnvironment, timeoutMs: 2 * MINUTE });
    if (done.code !== 0) throw new Error(`openstack ${args.join(" ")}: ${done.stderr}`);
    return done.stdout.trim();
  };

  beforeAll(async () => {
    lab = await labUp(log);
  }, 60 * MINUTE);
  afterAll(() => labDown(log), MINUTE);

  it("passes its self-test and has nothing left of it", { timeout: 10 * MINUTE }, async () => {
    expect(await check()).toBe(true);
    expect(Object.values(await inventory(lab)).flat()).toEqual([]);
  });

  it("keeps its machines when nova-compute is killed, and rules them again", { timeout: 5 * MINUTE }, async () => {
    await openstack("network", "create", "survivor");
    await openstack("subnet", "create", "--network", "survivor", "--subnet-range", "10.96.0.0/24", "survivor");
    const ordered = ["--image", "debian-12-kubernetes", "--flavor", "m1.control", "--network", "survivor"];
    const id = await openstack("server", "create", ...ordered, "--wait", "-f", "value", "-c", "id", "survivor");
    const machine = readRecord(join(paths.machines, id, "pid.json"));
    const compute = recordOf("nova-compute");
    if (!machine || !compute) throw new Error("no record of the machine or of nova-compute");

    process.kill(compute.pid, "SIGKILL");
    await expect.poll(() => isAlive(compute), { timeout: 10_000 }).toBe(false);
    expect(() => openLab()).toThrow(/ended: nova-compute/);
    await labUp(log);
    expect(isAlive(machine)).toBe(true);
    expect(await openstack("server", "show", "-f", "value", "-c", "status", id)).toBe("ACTIVE");
    await openstack("server", "delete", "--wait", id);
    expect(isAlive(machine)).toBe(false);
    expect(existsSync(join(paths.machines, id))).toBe(false);
    await openstack("network", "delete", "survivor");
    expect(Object.values(await inventory(lab)).flat()).toEqual([]);
  });

  it("ends with a machine running and leaves nothing", { timeout: 5 * MINUTE }, async () => {
    await openstack("network", "create", "last");
    await openstack("subnet", "create", "--network", "last", "--subnet-range", "10.95.0.0/24", "last");
    const ordered = ["--image", "debian-12-kubernetes", "--flavor", "m1.control", "--network", "last"];
    await openstack("server", "create", ...ordered, "--wait", "last");
    await labDown(log);
    expect(leftovers(paths)).toEqual([]);
  });
});
