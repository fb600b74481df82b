/** What looks like a credential in clear. */

/** Values that are credentials wherever they stand. */
const VALUES: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  // Whoever copies a key by hand loses dashes; the key is no less one.
  { what: "a private key", pattern: /-{3,5}BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY-{3,5}/ },
  { what: "an access key of a cloud", pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/ },
  { what: "a token of a forge", pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|glpat-[A-Za-z0-9_-]{20})/ },
  { what: "a signed token", pattern: /\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}/ },
  { what: "a bearer's token", pattern: /\bbearer\s+(?=\S*\d)[A-Za-z0-9._~+/-]{16,}/i },
  { what: "a password in an address", pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:[^\s/:@$%{<]+@/ },
];

/** Names whose value is a credential, when it is written out. */
const NAMES = new RegExp(
  "(?:^|[_.-])(?:" +
    "pass(?:word|wd|phrase)?|pwd|secret|token|credentials?|jwt|bearer|" +
    "(?:api|access|private|secret|auth|account|batch|storage|shared|master|signing|encryption)[_.-]?key|" +
    "key[_.-]?content)$",
  "i",
);

/** Values that stand for something else: a path, a reference to another variable, a switch. */
const HARMLESS = /^(?:\/\S*|\$[({].*[)}]|true|false|yes|no|none|\d{1,3})?$/i;

/**
 * What a named value looks like, for a message; undefined when it looks like no credential.
 * @param name of the variable or key
 */
export function credentialIn(name: string, value: string): string | undefined {
  const found = VALUES.find(({ pattern }) => pattern.test(value));
  if (found !== undefined) {
    return found.what;
  }
  const base = name.replace(/([a-z])([A-Z])/g, "$1_$2");
  return NAMES.test(base) && !HARMLESS.test(value.trim()) ? "a credential in clear" : undefined;
}
