import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withLock, withLockUnless } from "../../toolchain/lock";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "lock-"))));
afterEach(() => rmSync(folder, { recursive: true }));

describe("lock", () => {
  it("lets one in after the other, and tells the second for whom it waits", async () => {
    const path = join(folder, "deep", "lock");
    const events: string[] = [];
    let free = () => {};
    const first = withLock(
      path,
      "a thing",
      () => {},
      async () => {
        await new Promise<void>((resolve) => (free = resolve));
        events.push("first");
      },
    );
    const second = withLock(
      path,
      "a thing",
      (line) => {
        expect(line).toContain(`process ${process.pid}, which is making a thing`);
        free();
      },
      async () => {
        events.push("second");
      },
    );
    await Promise.all([first, second]);
    expect(events).toEqual(["first", "second"]);
    expect(existsSync(path)).toBe(false);
  });

  it("takes over from a process that is gone", async () => {
    const path = join(folder, "lock");
    writeFileSync(path, "4194305\n"); // above the largest pid Linux gives
    expect(
      await withLock(
        path,
        "a thing",
        () => {},
        async () => "done",
      ),
    ).toBe("done");
  });

  it("is given back after a failure", async () => {
    const path = join(folder, "lock");
    const failing = withLock(
      path,
      "a thing",
      () => {},
      () => Promise.reject(new Error("broken")),
    );
    await expect(failing).rejects.toThrow("broken");
    expect(existsSync(path)).toBe(false);
  });

  it("ends the waiting of a second one that needs nothing any more, while the first goes on", async () => {
    const path = join(folder, "lock");
    let free = () => {};
    const first = withLock(
      path,
      "a thing",
      () => {},
      () => new Promise<void>((resolve) => (free = resolve)),
    );
    let [asked, worked] = [0, false];
    const work = async () => void (worked = true);
    await withLockUnless(
      () => ++asked > 2,
      path,
      "a thing",
      () => {},
      work,
    );
    expect({ asked, worked, held: existsSync(path) }).toEqual({ asked: 3, worked: false, held: true });
    free();
    await first;
    await withLockUnless(
      () => true,
      path,
      "a thing",
      () => {},
      work,
    );
    expect(worked).toBe(true);
  });
});
