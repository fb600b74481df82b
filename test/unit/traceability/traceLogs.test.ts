/** Reading of audit logs: what is found in files and folders, and what is said of those that cannot be read. */
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, test } from "vitest";
import { traceJob } from "../../../stacks/site/commands/trace";
import { readLogs } from "../../../stacks/site/commands/traceLogs";
import { archived, auditEvents, auditLines, auditLog, JOB, traced } from "./traceParts";
import { removeFolder } from "../../support/removeFolder";

const folder = mkdtempSync(join(tmpdir(), "atlas-site-trace-"));
afterAll(() => removeFolder(folder));

describe("logs on disk", () => {
  test("are read from folders, packed and archived, and each event counts once", async () => {
    mkdirSync(join(folder, "old"));
    writeFileSync(join(folder, "old", "audit.log.gz"), gzipSync(auditLog));
    writeFileSync(join(folder, "archive.json"), auditLines.map((line) => archived(line)).join("\n"));
    const { reach } = await readLogs([folder, join(folder, "archive.json")], JOB);
    expect(reach).toEqual({
      files: 2,
      lines: 2 * auditLines.length,
      from: "2026-11-25T20:22:22.723379Z",
      to: "2026-11-25T20:22:24.710747Z",
    });
    const found = await traceJob(JOB, { logs: [folder] });
    expect({ ...found, sources: {} }).toEqual(traced({ events: auditEvents }));
  });

  test("that cannot be read to their end are named: cut, of another kind, unreadable", async () => {
    const whole = gzipSync(auditLog);
    const unreadable = join(mkdtempSync(join(folder, "unread-")), "memory.log.gz");
    // A process' memory is a file that nobody can read from its begin.
    symlinkSync("/proc/self/mem", unreadable);
    await expect(readLogs([unreadable], JOB)).rejects.toThrow(`--logs ${unreadable}: it cannot be read to its end (E`);
    const unread: Record<string, Buffer> = {
      "cut.log.gz": whole.subarray(0, whole.length / 2),
      "plain.log.gz": Buffer.from(auditLog),
    };
    for (const [name, content] of Object.entries(unread)) {
      const file = join(mkdtempSync(join(folder, "unread-")), name);
      writeFileSync(file, content);
      await expect(readLogs([file], JOB)).rejects.toThrow(`--logs ${file}: it cannot be read to its end (`);
    }
  });

  test("that are not there are named", async () => {
    await expect(readLogs(["/nowhere"], JOB)).rejects.toThrow("--logs /nowhere: there is no such file");
    await expect(readLogs([mkdtempSync(join(folder, "empty-"))], JOB)).rejects.toThrow("there is no file in");
  });
});
