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
import { PATIENCE_MS, TEST_MS } from "./patience";
import { isAlive, readRecord, records } from "./processes";

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
  // Twice, for empty databases: none is ever filled where every start is killed.
  const end = Date.now() + 2 * PATIENCE_MS;
  try {
    while (!condition()) {
      if (child.exitCode !== null) throw new Error(`lab ${command} ended (${child.exitCode}) before ${what}`);
      if (Date.now() > end)
        throw new Error(
          `lab ${command}: waited ${(2 * PATIENCE_MS) / 1000} s for ${what}; its daemons: ${Object.keys(records(paths.run)).join(", ")}`,
        );
      await sleep(5);
    }
  } finally {
    child.kill("SIGKILL");
  }
  await exit;
}

describe.sequential("a lab that is killed", { timeout: TEST_MS }, () => {
  beforeAll(() => labDown(log), TEST_MS);
  afterAll(() => labDown(log), TEST_MS);

  it.each([
    ["its namespace is made", () => existsSync(namespaceFile)],
    ["databases are laid down", () => existsSync(join(paths.mysql, "ibdata1"))],
    ["the database has started", () => recordOf("mariadb") !== undefined],
    ["Nova starts", () => recordOf("nova-compute") !== undefined],
  ])("in `up`, when %s, is wholly cleared away by `down`", async (what, condition) => {
    await killedWhen("up", what, condition);
    expect(leftovers(paths)).not.toEqual([]);
    await labDown(log);
    expect(leftovers(paths)).toEqual([]);
  });

  it("in `down` is cleared away by the next", async () => {
    await killedWhen("up", "the database starts", () => recordOf("memcached") !== undefined);
    const mariadb = recordOf("mariadb");
    await killedWhen("down", "the first daemon has ended", () => !mariadb || !isAlive(mariadb));
    await labDown(log);
    expect(leftovers(paths)).toEqual([]);
  });
});

describe.sequential("the lab's cloud", { timeout: TEST_MS }, () => {
  let lab: Lab;
  const openstack = async (...args: string[]) => {
    const done = await lab.exec("/usr/bin/openstack", args, { env: lab.cloudEnvironment, timeoutMs: PATIENCE_MS });
    if (done.code !== 0) throw new Error(`openstack ${args.join(" ")}: ${done.stderr}`);
    return done.stdout.trim();
  };

  beforeAll(async () => {
    lab = await labUp(log);
  }, 2 * TEST_MS);
  afterAll(() => labDown(log), TEST_MS);

  it("passes its self-test and has nothing left of it", async () => {
    expect(await check()).toBe(true);
    expect(Object.values(await inventory(lab)).flat()).toEqual([]);
  });

  it("keeps its machines when nova-compute is killed, and rules them again", async () => {
    await openstack("network", "create", "survivor");
    await openstack("subnet", "create", "--network", "survivor", "--subnet-range", "10.96.0.0/24", "survivor");
    const ordered = ["--image", "debian-12-kubernetes", "--flavor", "m1.control", "--network", "survivor"];
    const id = await openstack("server", "create", ...ordered, "--wait", "-f", "value", "-c", "id", "survivor");
    const machine = readRecord(join(paths.machines, id, "pid.json"));
    const compute = recordOf("nova-compute");
    if (!machine || !compute) throw new Error("no record of the machine or of nova-compute");

    process.kill(compute.pid, "SIGKILL");
    await expect.poll(() => isAlive(compute), { timeout: PATIENCE_MS }).toBe(false);
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

  it("ends with a machine running and leaves nothing", async () => {
    await openstack("network", "create", "last");
    await openstack("subnet", "create", "--network", "last", "--subnet-range", "10.95.0.0/24", "last");
    const ordered = ["--image", "debian-12-kubernetes", "--flavor", "m1.control", "--network", "last"];
    await openstack("server", "create", ...ordered, "--wait", "last");
    await labDown(log);
    expect(leftovers(paths)).toEqual([]);
  });
});
