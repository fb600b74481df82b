/**
 * `npm run bench:rebuild`: how long from an empty cloud to a finished job, and what our way costs beside bare kubeadm.
 * Both run on the same machines of the same lab in the same run. The comparison starts when the last machine is powered
 * on, so the time OpenStack takes is in neither; it is printed apart.
 */
import { inventory, labDown } from "../lab/lab";
import { openSite, runSite } from "../lab/site/mainJob";
import { lastPowerOn } from "../lab/site/machineFiles";
import { destroyBare, flannelObjects, runBare } from "./bare";
import { answered } from "./help";

const USAGE = `npm run bench:rebuild [-- --down]
Measures, in the lab, the time from an empty cloud to a finished job, and the same with bare kubeadm on the same machines.
It empties a running lab's site first, and starts a lab where none runs. The lab's site is gone afterwards.
  --down    ends the lab, too
  --help    this text
Exit code: 0 measured; 1 something failed; 2 the command is wrong.`;

const log = (line: string) => process.stderr.write(`${line}\n`);
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

async function main(args: readonly string[]): Promise<void> {
  if (answered(args, USAGE, { most: 0, flags: ["--down"] })) {
    return;
  }
  const { lab, stack } = await openSite(log);
  if (Object.values(await inventory(lab)).some((names) => names.length > 0)) {
    await stack.destroy();
    stack.resetFile();
  }

  log("ours: pulumi up on an empty cloud, then a pilot job");
  const oursStart = Date.now();
  const report = await runSite(lab, stack, log);
  const oursEnd = Date.now();
  if (!report.job.succeeded) {
    throw new Error(`the pilot job failed: ${report.job.reason}`);
  }
  const oursOn = lastPowerOn(lab);
  const flannel = await flannelObjects(lab, stack);
  await stack.destroy();
  stack.resetFile();

  log("bare: three machines by hand, kubeadm init and join by hand, flannel, the same job");
  const bareStart = Date.now();
  const bareEnd = await runBare(lab, stack, flannel, log);
  const bareOn = lastPowerOn(lab);
  await destroyBare(lab);

  const [ours, bare] = [oursEnd - oursOn, bareEnd - bareOn];
  console.log(
    [
      ...report.timeline,
      "",
      `empty cloud to finished job, ours: ${seconds(oursEnd - oursStart)}`,
      `  of that OpenStack, until the last machine was powered on: ${seconds(oursOn - oursStart)}`,
      `  of that from power-on to finished job: ${seconds(ours)}`,
      `bare kubeadm: ${seconds(bareEnd - bareStart)}, OpenStack ${seconds(bareOn - bareStart)}, from power-on ${seconds(bare)}`,
      `ratio from power-on, ours to bare: ${(ours / bare).toFixed(2)}`,
    ].join("\n"),
  );
  if (args.includes("--down")) {
    await labDown(log);
  }
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
