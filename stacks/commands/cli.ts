/** `npm run site -- <command> <stack>`: what an administrator does with a stack beside `pulumi` itself. */
import { recover } from "./recover";

const commands: Record<string, (stack: string, say: (line: string) => void) => void> = { recover };

const [command, stack] = process.argv.slice(2);
if (command === undefined || stack === undefined || commands[command] === undefined) {
  console.error(`usage: npm run site -- ${Object.keys(commands).join("|")} STACK`);
  process.exit(2);
}
commands[command](stack, (line) => console.log(line));
