import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openLab, type Lab } from "../lab";
import { namespaceFile } from "../namespace";

/**
 * A shell, or one command, inside the lab's network namespace as the program's user.
 *
 * @returns whether it ended well
 */
export async function shell(args: string[]): Promise<boolean> {
  const lab = openLab();
  const environment = { ...process.env, ...lab.cloudEnvironment, ...(await toolEnvironment(lab)) };
  const command = args.length > 0 ? args : [process.env.SHELL || "/bin/bash"];
  if (args.length === 0) console.log("inside the lab: openstack, pulumi and kubectl speak to it; exit leaves it");
  const child = spawn("nsenter", [`--net=${namespaceFile}`, "--", ...command], { stdio: "inherit", env: environment });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code === 0));
  });
}

/** Toolchain, stack backend and the administrator's kubeconfig, as far as they exist: a bare cloud has none of them. */
async function toolEnvironment(lab: Lab): Promise<Record<string, string>> {
  const kubeconfig = join(lab.stateDir, "site", "kubeconfigs", "administrator.yaml");
  if (!existsSync(join(lab.stateDir, "site"))) return {};
  const [{ ensureToolchain }, { LabStack }] = await Promise.all([
    import("../../toolchain/index.js"),
    import("../site/labStack.js"),
  ]);
  const toolchain = await ensureToolchain();
  const { environment } = new LabStack(lab, toolchain);
  const kubectl = join(toolchain.binary("kubectl"), "..");
  return { ...environment, KUBECONFIG: kubeconfig, PATH: `${kubectl}:${environment.PATH ?? process.env.PATH}` };
}
