// Proves what is taken out of a text and what stays, kind by kind; and that a planted secret never survives, wherever it stands.
import { execFileSync } from "node:child_process";
import { createHash, hash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { createRedactor } from "./create-redactor.ts";
import type { Redactor } from "./create-redactor.ts";
import { parseRedactOptions } from "./redact-options.ts";
import type { RedactOptions } from "./redact-options.ts";

function redactor(options?: RedactOptions): Redactor {
  const { rules, faults } = parseRedactOptions(options);
  expect(faults).toEqual([]);
  return createRedactor(rules);
}

const redact = redactor();

/** Characters that look made by chance, and are the same in every run. No secret stands in this file: all are made here. */
function chance(
  length: number,
  seed: string,
  alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
): string {
  let text = "";
  for (let block = 0; text.length < length; block += 1) {
    for (const byte of createHash("sha256").update(`${seed}/${block}`).digest())
      text += alphabet[byte % alphabet.length];
  }
  return text.slice(0, length);
}
const hex = (length: number, seed: string): string => chance(length, seed, "0123456789abcdef");
const capitals = (length: number, seed: string): string => chance(length, seed, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567");
const url64 = (length: number, seed: string): string =>
  chance(length, seed, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const jwt = `${base64url({ alg: "HS256", typ: "JWT" })}.${base64url({ sub: "1234567890", name: "Ada" })}.${url64(43, "jwt")}`;
const pemLines = [chance(64, "pem1"), chance(64, "pem2"), `${chance(30, "pem3")}==`];
const pem = (eol: string, name = "RSA "): string =>
  [`-----BEGIN ${name}PRIVATE KEY-----`, ...pemLines, `-----END ${name}PRIVATE KEY-----`].join(eol);

/** Secrets that are told by their form: kind, an example, and what of it must not leave. */
const tokens: [kind: string, secret: string, secretPart?: string][] = [
  ["openai_key", `sk-${chance(20, "o1")}T3BlbkFJ${chance(20, "o2")}`],
  ["openai_key", `sk-proj-${url64(74, "o3")}T3BlbkFJ${url64(74, "o4")}`],
  ["openai_key", `sk-svcacct-${url64(58, "o5")}`],
  ["openai_key", `sk-${hex(32, "deepseek")}`],
  ["openai_key", `sk-aB3_${url64(18, "litellm")}`],
  ["anthropic_key", `sk-ant-api03-${url64(93, "a1")}AA`],
  ["anthropic_key", `sk-ant-admin01-${url64(93, "a2")}AA`],
  ["openrouter_key", `sk-or-v1-${hex(64, "or")}`],
  ["langfuse_key", `sk-lf-${hex(8, "l1")}-${hex(4, "l2")}-${hex(4, "l3")}-${hex(4, "l4")}-${hex(12, "l5")}`],
  ["groq_key", `gsk_${chance(52, "groq")}`],
  ["xai_key", `xai-${chance(80, "xai")}`],
  ["perplexity_key", `pplx-${chance(48, "pplx")}`],
  ["tavily_key", `tvly-dev-${chance(32, "tvly")}`],
  ["langsmith_key", `lsv2_pt_${hex(32, "ls1")}_${hex(10, "ls2")}`],
  ["huggingface_token", `hf_${chance(34, "hf")}`],
  ["replicate_token", `r8_${chance(37, "r8")}`],
  ["aws_access_key", `AKIA${capitals(16, "akia")}`],
  ["aws_access_key", `ASIA${capitals(16, "asia")}`],
  ["google_key", `AIza${url64(35, "aiza")}`],
  ["google_token", `ya29.${url64(60, "ya29")}`],
  ["google_secret", `GOCSPX-${url64(28, "gocspx")}`],
  ["github_token", `ghp_${chance(36, "ghp")}`],
  ["github_token", `gho_${chance(36, "gho")}`],
  ["github_token", `ghs_${chance(36, "ghs")}`],
  ["github_token", `github_pat_${chance(22, "pat1")}_${chance(59, "pat2")}`],
  ["gitlab_token", `glpat-${url64(20, "glpat")}`],
  ["slack_token", `xoxb-${"1".repeat(11)}-${"2".repeat(12)}-${chance(24, "xoxb")}`],
  ["slack_token", `xapp-1-A${capitals(10, "xa1")}-${"3".repeat(13)}-${hex(64, "xa2")}`],
  ["stripe_key", `sk_live_${chance(24, "sk1")}`],
  ["stripe_key", `rk_live_${chance(24, "rk1")}`],
  ["stripe_key", `whsec_${chance(32, "wh")}`],
  ["twilio_key", `SK${hex(32, "twilio")}`],
  ["sendgrid_key", `SG.${url64(22, "sg1")}.${url64(43, "sg2")}`],
  ["npm_token", `npm_${chance(36, "npm")}`],
  ["pypi_token", `pypi-AgEIcHlwaS5vcmc${url64(80, "pypi")}`],
  ["digitalocean_token", `dop_v1_${hex(64, "do")}`],
  ["telegram_token", `${"7".repeat(10)}:AA${url64(33, "tg")}`],
  ["telegram_token", `${"7".repeat(10)}:AA${chance(33, "tg")}`],
  ["vault_token", `hvs.${url64(95, "hvs")}`],
  ["jwt", jwt],
  ["jwt", `${base64url({ alg: "none" })}aaaa.${base64url({ sub: "1234567890" })}.`],
  ["jwt", `${base64url({ alg: "dir", enc: "A256GCM" })}..${url64(16, "e1")}.${url64(80, "e2")}.${url64(22, "e3")}`],
  ["private_key", pem("\n")],
  ["private_key", pem("\r\n", "")],
  ["private_key", pem("\\n", "OPENSSH ")],
  ["private_key", pem("\\\\n", "EC ")],
  [
    "private_key",
    `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${pemLines.join("\n")}\n-----END PGP PRIVATE KEY BLOCK-----`,
  ],
];

describe("tokens by their form", () => {
  test.each(tokens)("%s %#", (kind, secret) => {
    expect(redact.text(secret)).toBe(`[redacted:${kind}]`);
    expect(redact.text(`The key is ${secret}, keep it.`)).toBe(`The key is [redacted:${kind}], keep it.`);
  });
});

/** Text before, the secret, text behind; all that is not secret stays. */
const inPlace: [before: string, secret: string, behind: string][] = [
  ["postgres://app:", "pa/s?s#w:rd", "@db.internal:5432/orders?sslmode=require"],
  ["amqp://user:", "p%40ss", "@host"],
  ["redis://:", "hunter2", "@127.0.0.1:6379/0"],
  ["mongodb+srv://admin:", "p@ss", "@cluster0.example.net/?retryWrites=true"],
  ["https://user:", "hunter2", "@registry.example.com/@scope/package"],
  ["GET https://hooks.slack.com/services/", `T${capitals(8, "s1")}/B${capitals(8, "s2")}/${chance(24, "s3")}`, " 200"],
  ["https://discord.com/api/webhooks/", `${"1".repeat(18)}/${url64(68, "dc")}`, ""],
  ["Authorization: Bearer ", "opaque.token/with+signs=", "\nAccept: */*"],
  ["curl -H 'authorization: bearer ", "super-secret-token", "' https://example.com"],
  ["proxy-authorization: Basic ", "dXNlcjpwYXNz", ""],
  ['{"headers":{"Authorization":"Bearer ', "short", '","accept":"*/*"}}'],
  ["it sent Bearer ", "a1b2c3d4", " to the server"],
  ["it sent Basic ", "dXNlcjpwYXNzd29yZA==", " to the server"],
  ["Cookie: ", "sid=abc; theme=dark", "\nHost: x"],
  ["password=", "hunter2", ""],
  ["password=", "letmein", "&user=ada"],
  ["DB_PASSWORD=", "letmein", "\nDB_USER=ada"],
  ["mysql --password=", "letmein", " -u root"],
  ["mysql --password ", "Hunter2,x&y", " -u root"],
  ["tool --api-key '", "abcdef", "' run"],
  ["curl -s -u ada:", "hunter2", " https://example.com"],
  ["My password: ", "Tr0ub4dor&3!", " is good"],
  ["DB_PASSWORD=", "a1;b&c", "\nX=1"],
  ["Server=db;User Id=sa;Password=", "Pa$w0rd!x", ";Encrypt=true"],
  ["DefaultEndpointsProtocol=https;AccountName=a;AccountKey=", `${chance(86, "az")}==`, ";EndpointSuffix=x"],
  ["https://api.example.com/v1?api_key=", "abc", "&q=lamp"],
  ["https://api.example.com/v1?q=lamp&access_token=", "abcdef", ""],
  ["https://x.blob.example.net/c?sv=2024&sig=", "a1B2c3D4e5F6g7H8%2Bi9J0", "&se=2026"],
  ["api_key: ", "abc123def", " # rotate"],
  ["  password: ", "hunter2", "\n  user: ada"],
  ["X-Api-Key: ", "k-12345678", "\r\n"],
  ["aws_secret_access_key = ", chance(40, "aws"), "\n"],
  [`AKIA${capitals(16, "x")}`.slice(0, 0) + 'secret = "', "correcthorse", '"'],
  ["OPENAI_API_KEY='", "anything", "'"],
  ["{'password': '", "with spaces too", "'}"],
  ['{"password": "', 'with \\"quotes\\" and \\\\', '", "user": "ada"}'],
  ['{"clientSecret":"', "x", '"}'],
  ['{"args":"{\\"password\\":\\"', 'a\\\\\\"b', '\\",\\"user\\":\\"ada\\"}"}'],
  ['{"token": "', "a1b2c3d4e5f6a7b8", '"}'],
  ["?token=", "a1b2c3d4e5f6a7b8", "&page=2"],
];

describe("secrets by what stands before them", () => {
  test.each(inPlace)("%s… %#", (before, secret, behind) => {
    const redacted = redact.text(before + secret + behind);
    expect(redacted).toMatch(/\[redacted:[a-z0-9_]+\]/);
    expect(redacted.replace(/\[redacted:[a-z0-9_]+\]/, secret)).toBe(before + secret + behind);
    expect(redact.text(redacted)).toBe(redacted);
  });

  test("a number under a key in JSON becomes a text", () => {
    expect(redact.text('{"password": 12345, "n": 1}')).toBe('{"password": "[redacted:secret]", "n": 1}');
  });

  test("an AWS secret beside its id goes too", () => {
    const [id, secret] = [`AKIA${capitals(16, "csv")}`, chance(40, "csv")];
    expect(redact.text(`${id},${secret}\n`)).toBe("[redacted:aws_access_key],[redacted:aws_secret_key]\n");
  });

  test("a private key that is cut off, or in pieces, goes line by line", () => {
    const cut = pem("\n").slice(0, 120);
    expect(redact.text(cut)).not.toContain(pemLines[0]);
    const code = `"-----BEGIN PRIVATE KEY-----\\n" +\n  "${pemLines[0]}\\n" +\n  "${pemLines[1]}";\nnext()`;
    expect(redact.text(code)).toBe(
      '"-----BEGIN PRIVATE KEY-----\\n" +\n  "[redacted:private_key]\\n" +\n  "[redacted:private_key]";\nnext()',
    );
  });
});

const clean = [
  "Ask the task-force about risk-based-authentication-for-customers and disk-encryption-at-rest-everywhere.",
  "sk-circle-fade-dot-container-large sk-folding-cube sk-SK",
  `task-${hex(40, "task")} risk-${hex(64, "risk")}`,
  "627cc493-f310-47de-96bd-71410b7dec09 and 018f6a2e-7c1a-7000-8000-0123456789ab",
  `${hex(32, "run")} ${hex(40, "git")} ${hex(64, "sha")} ${hex(128, "sha512")}`,
  `{"traceId":"${hex(32, "t")}","hash":"${hex(32, "h")}","key":"${hex(32, "k")}","public_key":"${hex(64, "p")}"}`,
  "interface User { name: string; password: string; apiKey?: string; token: string | undefined }",
  "const password = input.password; const apiKey = process.env.OPENAI_API_KEY ?? options.apiKey;",
  "login(user, password=password, api_key=settings.api_key, token=get_token())",
  'client = OpenAI(api_key=os.environ["OPENAI_API_KEY"])',
  "export OPENAI_API_KEY=$MY_KEY PASSWORD=${PASSWORD} API_KEY=<your key> TOKEN={{ token }}",
  '{"type":"object","properties":{"password":{"type":"string"}},"required":["password"]}',
  '{"password":"","api_key":null,"secret":"****","token":"Hello","max_tokens":4096,"hasPassword":true}',
  '["password:", "b"] and ["say \'password\': ", "c"] and print("password:",x,"y")',
  '{"token":" the","logprob":-0.1,"top_logprobs":[{"token":" a"}],"usage":{"prompt_tokens":12,"completion_tokens":3}}',
  "Password: must have at least eight characters. Secret: we meet at noon. Authorization: see below.",
  "Bearer tokens are opaque; use Bearer authentication or Basic authentication. Basic understanding helps.",
  "http://localhost:4318/v1/traces https://example.com:8080/a@b ssh://git@github.com/x/y mailto:ada@example.com",
  'const labels = { password: "Password", jwt: "JWT" }; auth = base64.encodebytes(auth).decode("utf-8")',
  "use --password to set it, or --api-key KEY, --password $PW, --secret ${S}, --- -- -u curl -u $USER:$PW --verbose",
  ":type passphrase: :py:class:`bytes`",
  "PWD=/home/ada SHELL=/bin/sh key=value session=42 author=Ada keyboard: qwerty monkey: see",
  "a ? b : c; x = y == z; if (password === undefined) return; `authorization: Bearer ${token}`",
  "1234 5678 9012 3456 and ada@example.com stay unless asked for",
  "Привет, мир: ключ = значение 🗝️ パスワード: 秘密",
  "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE----- and -----BEGIN PUBLIC KEY-----",
  "it begins with `-----BEGIN PRIVATE KEY-----` and then comes the key",
  "[redacted:openai_key] password=[redacted:secret]",
  `data:image/png;base64,${createHash("sha512").update("image").digest("base64").repeat(40)}`,
];

describe("what is no secret", () => {
  test.each(clean)("stays the very same: %s", (text) => {
    expect(redact.text(text)).toBe(text);
  });

  test("base64 of random bytes stays, as a whole and in lines", () => {
    for (let round = 0; round < 50; round += 1) {
      // The same bytes each time: in so many, one time in a hundred something has the very form of a key by chance.
      const parts = Array.from({ length: 313 }, (_, at) => hash("sha512", `${round}/${at}`, "buffer"));
      const image = Buffer.concat(parts).toString("base64");
      expect(redact.text(image) === image).toBe(true);
      const lines = image.replaceAll(/.{76}/g, "$&\n");
      expect(redact.text(lines) === lines).toBe(true);
    }
  });

  test("the sources and documents of this repository stay, but for the examples in tests", () => {
    const root = fileURLToPath(new URL("../../../../", import.meta.url));
    const files = execFileSync("git", ["ls-files", "-z", "*.ts", "*.md", "*.json", "*.sql", "*.yaml"], {
      cwd: root,
      encoding: "utf8",
    });
    const changed = files
      .split("\0")
      .filter((file) => file !== "" && !/\.test\.ts$|\/test\/|^tests\/|\/redact\/|^benchmarks\/redaction\//.test(file))
      .filter((file) => {
        const text = readFileSync(`${root}${file}`, "utf8");
        return redact.text(text) !== text;
      });
    expect(changed).toEqual([]);
  });
});

/** Texts as they stand around secrets: nothing that could itself be part of one touches it. */
const around = fc.oneof(
  fc.string({ maxLength: 80 }),
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.constantFrom(...clean.slice(0, 22)),
  fc.json({ maxDepth: 2 }),
  fc.stringMatching(/^[\s"'`:=,;.@/\\{}[\]()<>_-]{0,30}$/),
);
const glue = fc.constantFrom(
  " ",
  "\n",
  "\t",
  '"',
  "'",
  "=",
  ":",
  "(",
  "[",
  ",",
  "\\n",
  "\\t",
  "%3D",
  "\\u003d",
  "\u001b[32m",
  "/",
  "<",
  "|",
);
const secretOf = ([, secret]: (typeof tokens)[number]): string => secret;
/** What must not be found afterwards: a part of the secret that no text around it holds by chance. */
const coreOf = (secret: string): string => {
  const runs = secret.split(/[^A-Za-z0-9]+/).sort((a, b) => b.length - a.length);
  return runs[0]!.slice(-10);
};

describe("properties", () => {
  const planted = fc.record({
    before: around,
    glue,
    token: fc.constantFrom(...tokens),
    behind: around.filter((text) => !/^[A-Za-z0-9_.+/=-]/.test(text)),
  });

  test("a planted secret never survives in a text", () => {
    fc.assert(
      fc.property(planted, ({ before, glue, token, behind }) => {
        const secret = secretOf(token);
        expect(redact.text(before + glue + secret + behind)).not.toContain(coreOf(secret));
      }),
      { numRuns: 3_000 },
    );
  });

  test("a planted secret never survives in JSON, nor in JSON within JSON, and the JSON stays JSON", () => {
    fc.assert(
      fc.property(planted, fc.integer({ min: 1, max: 3 }), fc.json({ maxDepth: 2 }), (plant, depth, other) => {
        const secret = secretOf(plant.token);
        let text = plant.before + plant.glue + secret + plant.behind;
        for (let layer = 0; layer < depth; layer += 1)
          text = JSON.stringify({ other: JSON.parse(other), text, list: [text] });
        let redacted: unknown = redact.text(text);
        expect(redacted).not.toContain(coreOf(secret));
        for (let layer = 0; layer < depth; layer += 1) {
          redacted = (JSON.parse(redacted as string) as { text: unknown }).text;
          if (typeof redacted !== "string") throw new Error("The text is gone.");
        }
      }),
      { numRuns: 3_000 },
    );
  });

  test("a value under a secret key never survives in JSON, in whatever layer", () => {
    const keys = fc.constantFrom(
      "password",
      "API_KEY",
      "clientSecret",
      "x-api-key",
      "db.password",
      "refresh_token",
      "OPENAI_API_KEY_2",
    );
    fc.assert(
      fc.property(
        keys,
        fc.string({ minLength: 6, maxLength: 40 }),
        around,
        fc.integer({ min: 0, max: 3 }),
        (key, tail, other, depth) => {
          const secret = `QzXv9${tail.replaceAll(/[*]/g, "")}`;
          let text = JSON.stringify({ other, [key]: secret, more: [other] });
          for (let layer = 0; layer < depth; layer += 1) text = JSON.stringify([text]);
          let redacted = redact.text(text);
          expect(redacted).not.toContain("QzXv9");
          for (let layer = 0; layer < depth; layer += 1) [redacted] = JSON.parse(redacted) as [string];
          expect(JSON.parse(redacted)).toHaveProperty([key], "[redacted:secret]");
        },
      ),
      { numRuns: 2_000 },
    );
  });

  test("redacting twice changes nothing, and an untouched text is the very same", () => {
    const all = redactor({ email: true, cardNumbers: true, patterns: [{ name: "customer", pattern: /C-\d{4}/ }] });
    const pieces = fc.array(
      fc.oneof(around, glue, fc.constantFrom(...tokens).map(secretOf), fc.constantFrom(...inPlace.flat(), "C-1234")),
      {
        maxLength: 8,
      },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = parts.join("");
        const once = all.text(text);
        expect(all.text(once)).toBe(once);
        expect(redact.text(redact.text(once))).toBe(redact.text(once));
        // A marker takes no more than the shortest secret and a few characters: nothing grows beyond that.
        expect(once.length).toBeLessThanOrEqual(text.length + 20 * (1 + text.length / 4));
      }),
      { numRuns: 3_000 },
    );
  });

  test("JSON of any kind stays JSON", () => {
    const keys = fc.constantFrom(
      "password",
      "token",
      "cookie",
      "authorization",
      "a",
      "secret:",
      "api_key=",
      'password": "',
    );
    const value = fc.letrec((tie) => ({
      node: fc.oneof(
        { maxDepth: 4 },
        around,
        fc.double(),
        fc.boolean(),
        fc.array(tie("node"), { maxLength: 4 }),
        fc.dictionary(keys, tie("node"), { maxKeys: 3 }),
      ),
    })).node;
    fc.assert(
      fc.property(value, fc.integer({ min: 0, max: 3 }), (node, depth) => {
        let text = JSON.stringify(node);
        for (let layer = 0; layer < depth; layer += 1) text = JSON.stringify({ password_hint: text, b: [text] });
        expect(() => JSON.parse(redact.text(text))).not.toThrow();
      }),
      { numRuns: 3_000 },
    );
  });
});

describe("keys", () => {
  const hidden =
    "password PASSWORD userPassword db.password DB_PASSWORD api_key apiKey x-api-key OPENAI_API_KEY client_secret clientSecret authorization http.request.header.authorization set-cookie Cookie access_token refreshToken aws_secret_access_key privateKey credentials passphrase OPENAI_API_KEY_2";
  test.each(hidden.split(" "))("%s hides", (key) => expect(redact.hidesKey(key)).toBe(true));

  const open =
    "token max_tokens prompt_tokens next_page_token key public_key cache_key id name author authenticated session hasPassword is_secret secret_name password_reset_url PWD pass keyboard gen_ai.usage.input_tokens content runreel.step.kind";
  test.each(open.split(" "))("%s does not", (key) => expect(redact.hidesKey(key)).toBe(false));

  test("a user's own, and those that a user keeps", () => {
    const own = redactor({ keys: ["ssn", /^x-internal-/], keepKeys: ["secret", /^game\./] });
    for (const key of ["ssn", "SSN", "user.ssn", "x-internal-id"]) expect(own.hidesKey(key)).toBe(true);
    for (const key of ["secret", "game.password", "lessn", "ssn_hint"]) expect(own.hidesKey(key)).toBe(false);
    expect(own.text('{"ssn":"078-05-1120","secret":"the butler"}')).toBe(
      '{"ssn":"[redacted:secret]","secret":"the butler"}',
    );
    expect(redactor({ defaults: false, keys: ["ssn"] }).text("ssn=078051120&password=hunter2")).toBe(
      "ssn=[redacted:secret]&password=hunter2",
    );
  });

  test("a key that says little hides what looks made by chance", () => {
    expect(redact.text("a1b2c3d4e5f6a7b8", "token")).toBe("[redacted:secret]");
    expect(redact.text(" the", "token")).toBe(" the");
    expect(redact.text("hunter2", "pass")).toBe("[redacted:secret]");
    expect(redact.text("hunter2", "note")).toBe("hunter2");
  });
});

describe("options", () => {
  test("e-mail addresses and card numbers, when asked for", () => {
    const personal = redactor({ email: true, cardNumbers: true });
    const card = ["4111", "1111", "1111", "1111"];
    expect(personal.text(`Ada <ada.l+x@mail.example.co.uk>, \\nbob@example.com`)).toBe(
      "Ada <[redacted:email]>, \\n[redacted:email]",
    );
    expect(personal.text(`${card.join(" ")} ${card.join("-")} ${card.join("")}`)).toBe(
      "[redacted:card_number] [redacted:card_number] [redacted:card_number]",
    );
    const others = `4111 1111 1111 1112 ${"1".repeat(19)} 1732190000000000000 v@2 @decorator a@b`;
    expect(personal.text(others)).toBe(others);
  });

  test("a user's patterns, also across the pieces of a long text", () => {
    const own = redactor({ patterns: [{ name: "customer", pattern: /C-\d{4}/i }, /\bhunter\d\b/g] });
    expect(own.text("c-1234 and hunter2")).toBe("[redacted:customer] and [redacted:pattern]");
    expect(own.text("[redacted:pattern] C-12")).toBe("[redacted:pattern] C-12");
    const long = "x ".repeat(700);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 6_000 }), (at) => {
        const text = `${long.repeat(5).slice(0, at)} C-1234 ${long.repeat(2)}`;
        expect(own.text(text)).toBe(text.replace("C-1234", "[redacted:customer]"));
      }),
      { numRuns: 300 },
    );
  });

  test("a pattern that fits a marker leaves it alone", () => {
    const greedy = redactor({ patterns: [/[a-z]+/] });
    const once = greedy.text("password=hunter2 abc");
    expect(greedy.text(once)).toBe(once);
  });

  test("a user's function is given what is left, and cannot open the door", () => {
    const seen: unknown[] = [];
    const own = redactor({
      custom: (text, context) => {
        seen.push([text, context]);
        if (text === "throw") throw new Error("no");
        if (text === "nothing") return undefined as unknown as string;
        return text === "leak" ? "password=hunter2" : text.replace("Ada", "A.");
      },
    });
    expect(own.text("Ada: password=hunter2", "note")).toBe("A.: password=[redacted:secret]");
    expect(seen).toEqual([["Ada: password=[redacted:secret]", { key: "note" }]]);
    expect(own.text("throw")).toBe("[redacted:error]");
    expect(own.text("nothing")).toBe("[redacted:error]");
    expect(own.text("leak")).toBe("password=[redacted:secret]");
    expect(own.count).toBe(6);
  });

  test("every place is counted, and none where nothing is redacted", () => {
    const counting = redactor();
    counting.text("password=hunter2 and https://a:b1@c");
    counting.text("nothing here");
    expect(counting.count).toBe(2);
    expect(counting.hidden()).toBe("[redacted:secret]");
    expect(counting.count).toBe(3);
  });

  test("redact: false lets everything through", () => {
    const { rules, faults } = parseRedactOptions(false);
    const open = createRedactor(rules);
    expect(faults).toEqual([]);
    expect(open.text("password=hunter2", "password")).toBe("password=hunter2");
    expect(open.hidesKey("password")).toBe(false);
  });
});
