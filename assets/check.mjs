// Refuses a built file that leans on something the minimum browser lacks.

// What Chromium 97 does not know, and the first version that does.
const CSS_TOO_NEW = [
  [":has()", /:has\(/, 105],
  ["color-mix()", /color-mix\(/, 111],
  ["oklch()/oklab()/lab()/lch()", /\b(ok)?l(ab|ch)\(/, 111],
  ["light-dark()", /light-dark\(/, 123],
  ["relative colour", /\b(rgb|hsl|oklch)\(from /, 119],
  ["@container", /@container/, 105],
  ["@layer", /@layer/, 99],
  ["@scope", /@scope/, 118],
  ["@starting-style", /@starting-style/, 117],
  ["nesting", /[{;]\s*&/, 120],
  ["media range", /@media[^{]*[<>]=?/, 104],
  ["dvh/svh/lvh", /[\d.](d|s|l)v(h|w|min|max)\b/, 108],
  ["text-wrap", /text-wrap:/, 114],
  ["translate/rotate/scale", /[{;](translate|rotate|scale):/, 104],
  ["subgrid", /subgrid/, 117],
  ["popover", /:popover-open|anchor\(/, 114],
  ["unprefixed mask", /(?<!-webkit-mask[^}]*)[{;]mask(-image)?:/, 120],
];
const JS_TOO_NEW = [
  ["structuredClone", /\bstructuredClone\(/, 98],
  ["Object.groupBy", /\bObject\.groupBy\(/, 117],
  ["Promise.withResolvers", /\bPromise\.withResolvers\(/, 119],
  ["toSorted/toReversed/toSpliced", /\.to(Sorted|Reversed|Spliced)\(/, 110],
  ["AbortSignal.timeout", /AbortSignal\.(timeout|any)\(/, 103],
  ["eval", /\beval\(/, "CSP"],
  ["new Function", /new Function\(|[^.\w]Function\(["'`]/, "CSP"],
  ["source map", /sourceMappingURL=/, "hashed names"],
];

// Read, and harmless: each is reached only by a caller that we are not.
const KNOWN = [
  /function\(\)\{return eval\(str\)\}/, // htmx, behind allowEval, which js/htmx.js switches off
  /(new )?Function\("event",("return \("\+\w+\+"\)"|\w+)\)/g, // htmx, behind allowEval too
  /Function\("return \("\+\w+\+"\)"\)/g, // and again
  /to(Sorted|Reversed|Spliced)\([\w.]*\)\{return \w+\(this\)\.to(Sorted|Reversed|Spliced)\([\w.]*\)\}/g, // Alpine, wrappers of the browser's own
];

/** Throw when the built text uses a thing that is too new, naming each. */
export function refuseTooNew(name, built) {
  const text = KNOWN.reduce((rest, known) => rest.replace(known, ""), built);
  const found = (name.endsWith(".css") ? CSS_TOO_NEW : JS_TOO_NEW)
    .map(([what, pattern, since]) => [what, since, text.match(pattern)])
    .filter(([, , hit]) => hit)
    .map(([what, since, hit]) => `  ${what} (${since}): …${text.slice(Math.max(0, hit.index - 60), hit.index + 60)}…`);
  if (found.length) throw new Error(`${name} is too new for the minimum browser:\n${found.join("\n")}`);
}
