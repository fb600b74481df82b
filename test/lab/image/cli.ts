/** `node --import tsx test/lab/image/cli.ts`: makes the machine image and prints where it is. */
import { ensureToolchain } from "../../toolchain";
import { ensureMachineImage, imageBinaries } from "./machineImage";

ensureToolchain({ only: imageBinaries })
  .then((toolchain) => ensureMachineImage(toolchain))
  .then((image) => console.log(JSON.stringify(image, undefined, 2)))
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
