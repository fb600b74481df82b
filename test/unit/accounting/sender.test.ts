/** The sender's settings and its script, which must not call a day sent that was not. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { RECORDS_PATH, SEND_SCRIPT, SENDER_PATH, senderSettings } from "../../../components/accounting/kuantifier";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "sender-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the script with a program of ours in the sender's place; records lie in its folder as the queue has them. */
function send(program: string, records: readonly string[]): { status: number | null; output: string } {
  const [queue, programs] = [join(folder, "records"), join(folder, "programs")];
  mkdirSync(queue);
  mkdirSync(programs);
  for (const record of records) {
    mkdirSync(join(queue, "6925a1b0"), { recursive: true });
    writeFileSync(join(queue, "6925a1b0", record), "APEL-summary-job-message: v0.2\n");
  }
  writeFileSync(join(programs, "ssmsend"), `#!/bin/bash\necho "$@"\nrecords=${queue}\n${program}\n`);
  chmodSync(join(programs, "ssmsend"), 0o755);
  const script = SEND_SCRIPT.replaceAll(RECORDS_PATH, queue);
  const done = spawnSync("/bin/bash", ["-c", script], {
    encoding: "utf8",
    // With a socket for its input bash takes itself for a remote shell, and reads its user's settings.
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: `${programs}:${process.env.PATH}` },
  });
  return { status: done.status, output: done.stdout + done.stderr };
}

describe("the sender's script", () => {
  const records = ["6925a1b0d4c2e1", "6925a1b0d4c2e2"];

  test("ends well when every record is sent and taken away", () => {
    expect(send('rm "$records"/*/*', records)).toEqual({ status: 0, output: `-c ${SENDER_PATH}/sender.cfg\n` });
    expect(readdirSync(join(folder, "records", "6925a1b0"))).toEqual([]);
  });

  test("ends well when there is nothing to send", () => {
    expect(send("exit 0", []).status).toBe(0);
  });

  test("fails when a record is left, although the sender calls it a success", () => {
    const { status, output } = send(`rm "$records"/*/${records[0]}; exit 0`, records);
    expect(status).toBe(1);
    expect(output).toContain(`not sent: ${join(folder, "records", "6925a1b0", records[1])}`);
  });

  test("fails when the sender does", () => {
    expect(send("exit 3", []).status).toBe(3);
  });
});

test("the sender signs with the operator's certificate, and sends to APEL's queue at the message service", () => {
  const settings = senderSettings({ server: "msg.example" });
  expect(settings.split("\n").filter((line) => line !== "")).toEqual([
    "[sender]",
    "protocol: AMS",
    "[broker]",
    "host: msg.example",
    "use_ssl: true",
    "[certificates]",
    "certificate: /etc/kuantifier/certificate/tls.crt",
    "key: /etc/kuantifier/certificate/tls.key",
    "capath: /etc/grid-security/certificates",
    "[messaging]",
    "ams_project: accounting",
    "destination: gLite-APEL",
    "path: /var/spool/apel/outgoing",
    "path_type: dirq",
    "[logging]",
    "logfile: /dev/null",
    "level: INFO",
    "console: true",
  ]);
});
