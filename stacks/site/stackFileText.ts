/** The text of a stack file: UTF-8 without control characters, or the one reason why it is not. */
import type { Problem } from "./problem";

/** A text, or what is wrong with the bytes. */
export type Decoded = { readonly text: string } | { readonly problem: Problem };

/**
 * Decodes a stack file.
 * @param content bytes of the file; a text that was decoded before is only searched for control characters
 */
export function decodeStackFile(content: string | Uint8Array): Decoded {
  if (typeof content === "string") {
    return withoutControls(content);
  }
  const [first, second] = content;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || halfZero(content)) {
    return refuse(1, "UTF-16 text", "save the file as UTF-8, e.g. by iconv -f UTF-16 -t UTF-8");
  }
  try {
    return withoutControls(new TextDecoder("utf-8", { fatal: true }).decode(content));
  } catch {
    const at = firstOutsideUtf8(content);
    const byte = (content[at] ?? 0).toString(16).padStart(2, "0");
    const line = content.subarray(0, at).filter((one) => one === 0x0a).length + 1;
    return refuse(
      line,
      `the byte 0x${byte}, which is not UTF-8`,
      "save the file as UTF-8, e.g. by iconv -f LATIN1 -t UTF-8",
    );
  }
}

/** Whether every second byte of the beginning is zero, as in UTF-16 without a mark. */
function halfZero(content: Uint8Array): boolean {
  const start = content.subarray(0, 64);
  const zeros = start.filter((byte) => byte === 0).length;
  return start.length > 3 && zeros * 3 > start.length;
}

/** Place of the first byte that UTF-8 cannot have there: where the decoder puts its first replacement. */
function firstOutsideUtf8(content: Uint8Array): number {
  const lossy = new TextDecoder("utf-8", { ignoreBOM: true }).decode(content);
  let from = 0;
  for (;;) {
    const replaced = lossy.indexOf("\uFFFD", from);
    const at = Buffer.byteLength(lossy.slice(0, Math.max(0, replaced)));
    // A file may hold the replacement character itself, as the three bytes EF BF BD.
    if (replaced < 0 || content[at] !== 0xef || content[at + 1] !== 0xbf) {
      return at;
    }
    from = replaced + 1;
  }
}

function withoutControls(text: string): Decoded {
  const at = text.search(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/);
  if (at < 0) {
    return { text };
  }
  const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, "0");
  return refuse(text.slice(0, at).split("\n").length, `the control character U+${code}`, "remove it");
}

function refuse(line: number, seen: string, fix: string): Decoded {
  return { problem: { path: [], line, seen: `got ${seen}`, expected: "UTF-8 text", fix } };
}
