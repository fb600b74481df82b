import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { logsOf } from "../../lab/commands/logs";
import { exec } from "../../lab/namespace";
import { endProcesses, isAlive, readRecord, records, startTimeOf } from "../../lab/processes";

const folder = mkdtempSync(join(tmpdir(), "lab-processes-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("process records", () => {
  it("knows a living process by pid and start time, and no other of the same pid", () => {
    const own = { pid: process.pid, startTime: startTimeOf(process.pid) ?? "" };
    expect(isAlive(own)).toBe(true);
    expect(isAlive({ ...own, startTime: "1" })).toBe(false);
  });

  it("sees that a process ended", async () => {
    const child = spawn("sleep", ["60"]);
    const record = { pid: child.pid ?? 0, startTime: startTimeOf(child.pid ?? 0) ?? "" };
    expect(isAlive(record)).toBe(true);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(isAlive(record)).toBe(false);
  });

  it("takes a record that a crash cut short for none", () => {
    writeFileSync(join(folder, "cut.json"), '{"pid": 12');
    writeFileSync(join(folder, "whole.json"), '{"pid": 12, "startTime": "34"}');
    expect(readRecord(join(folder, "cut.json"))).toBeUndefined();
    expect(records(folder)).toEqual({ whole: { pid: 12, startTime: "34" } });
    expect(records(join(folder, "absent"))).toEqual({});
  });

  it("ends a process that ignores TERM after the grace", async () => {
    const child = spawn("sh", ["-c", "trap '' TERM; echo ready; sleep 60 & wait; sleep 60"]);
    await once(child.stdout, "data");
    const record = { pid: child.pid ?? 0, startTime: startTimeOf(child.pid ?? 0) ?? "" };
    await endProcesses(() => (isAlive(record) ? [record.pid] : []), 200);
    expect(isAlive(record)).toBe(false);
  });
});

describe("exec", () => {
  it("gives exit code, both streams and each line", async () => {
    const lines: string[] = [];
    const done = await exec("sh", ["-c", "cat; echo problem >&2; printf 'no newline'; exit 3"], {
      input: "given\n",
      onLine: (line, stream) => lines.push(`${stream} ${line}`),
    });
    expect(done).toEqual({ code: 3, stdout: "given\nno newline", stderr: "problem\n" });
    expect(lines.sort()).toEqual(["stderr problem", "stdout given", "stdout no newline"]);
  });

  it("ends the command with its children when its time is up", async () => {
    const begun = Date.now();
    const done = await exec("sh", ["-c", "sleep 30 & wait"], { timeoutMs: 300 });
    expect(done.code).toBe(124);
    expect(Date.now() - begun).toBeLessThan(10_000);
  });

  it("says when there is no such command", async () => {
    expect(await exec("no-such-command-of-ours", [])).toMatchObject({ code: 127 });
  });
});

describe("logs", () => {
  it("finds all files of a service and of a machine, and none of a namesake", () => {
    const files = ["nova-compute.out", "nova-compute.log", "uwsgi-nova.log", "octavia.log", "uwsgi-octavia.log"];
    const all = [...files.map((f) => `/lab/logs/${f}`), "/lab/consoles/control-0.log", "/lab/consoles/control-0.log.1"];
    expect(logsOf(all, "nova-compute")).toEqual(["/lab/logs/nova-compute.out", "/lab/logs/nova-compute.log"]);
    expect(logsOf(all, "nova-api")).toEqual(["/lab/logs/uwsgi-nova.log"]);
    expect(logsOf(all, "octavia")).toEqual(["/lab/logs/octavia.log", "/lab/logs/uwsgi-octavia.log"]);
    expect(logsOf(all, "control-0")).toHaveLength(2);
    expect(logsOf(all, "nova")).toEqual(["/lab/logs/uwsgi-nova.log"]);
  });
});
