import { currentPaths, openLab } from "../lab";
import { serviceEnvironment } from "../services";

/**
 * Runs the lab's self-test as the ordinary user of the cloud; one line a check.
 *
 * @returns whether all passed
 */
export async function check(): Promise<boolean> {
  const lab = openLab();
  const done = await lab.exec("/usr/bin/python3", ["-m", "atlas_lab.check", lab.driver], {
    env: { ...serviceEnvironment(currentPaths()), ...lab.cloudEnvironment },
    onLine: (line) => console.log(line),
    timeoutMs: 900_000,
  });
  return done.code === 0;
}
