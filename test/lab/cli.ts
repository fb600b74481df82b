import { labDown, labUp } from "./lab";

async function main(): Promise<void> {
  const command = process.argv[2] ?? "run";
  const begun = Date.now();
  const log = (line: string) => console.log(`[lab ${((Date.now() - begun) / 1000).toFixed(1)} s] ${line}`);
  if (command === "up") await labUp(log);
  else if (command === "down") await labDown(log);
  else throw new Error(`unknown ${command}`);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
