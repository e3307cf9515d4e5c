// Takes from Tabler what our pages use, and resolves what an older browser cannot compute.

// Class families kept. Everything else (dark theme, brand colours, navbars, date pickers…) is left out:
// it is most of the file, and nearly all of what a browser of 2022 cannot read.
const KEPT = new RegExp(
  "^(" +
    [
      "container(-fluid)?", "row", "row-cols(-\\w+)*", "col(-\\w+)*", "offset-\\S+", "order-\\S+", "g[xy]?-\\d",
      "btn", "btn-(primary|secondary|danger|link|sm|lg|group|list)",
      "btn-outline-(primary|secondary|danger)",
      "form-(control|select|check|check-input|check-label|check-inline|label|text|hint|range|control-sm|control-plaintext)",
      "form-select-sm", "form-fieldset", "col-form-label", "input-group", "input-group-text",
      "is-(in)?valid", "(in)?valid-feedback", "required", "disabled", "active", "show",
      "table", "table-(sm|hover|bordered|borderless|responsive|vcenter|nowrap|active)",
      "card", "card-(header|title|subtitle|body|footer|table|actions|sm)",
      "badge", "nav", "nav-(tabs|link|item|fill)", "tab-(content|pane)",
      "pagination", "page-(item|link)", "progress", "progress-(bar|sm)",
      "list-(unstyled|inline|inline-item|group|group-item|group-flush)",
      "dropdown-(menu|item|header|divider)", "visually-hidden(-focusable)?",
      "spinner-border(-sm)?", "hr-text", "small", "lead", "vr", "h[1-6]", "initialism",
      "d-\\S+", "flex-\\S+", "justify-content-\\S+", "align-(items|self|content)-\\S+", "align-(top|middle|bottom|baseline)",
      "(row-|column-)?gap-\\S+", "[mp][tbsexy]?-\\S+", "[wh]-(25|50|75|100|auto)", "m[wh]-100",
      "text-(sm-|md-|lg-)?(start|end|center)", "text-(nowrap|wrap|break|truncate|decoration-none|muted|secondary|body|reset)",
      "fw-\\S+", "fs-\\d", "lh-\\S+", "fst-\\S+", "font-monospace", "border(-(top|bottom|start|end))?(-0)?",
      "rounded(-\\d)?", "overflow(-[xy])?-\\S+", "position-\\S+", "(top|bottom|start|end)-\\d+", "float-(start|end|none)",
      "user-select-\\S+", "sticky-top", "stretched-link", "clearfix", "object-fit-\\S+", "col-auto",
    ].join("|") +
    ")$",
);

const KEPT_KEYFRAMES = ["spinner-border", "progress-bar-stripes"];

/** Say whether every class that a selector asks for is one that we use. */
function isKept(selector) {
  if (/:has\(|\[data-(bs-theme|bs-(?!toggle)|vc|theme)|\[dir=/.test(selector)) return false;
  const asked = replaceCalls(selector, ":not", () => "");
  return [...asked.matchAll(/\.(-?[A-Za-z_](?:[\w-]|\\.)*)/g)].every(([, name]) => KEPT.test(name));
}

/** Return the text between the parenthesis at `open` and its partner, and where it ends. */
function balanced(text, open) {
  let depth = 0;
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === "(") depth += 1;
    if (text[at] === ")" && (depth -= 1) === 0) return { inner: text.slice(open + 1, at), end: at + 1 };
  }
  throw new Error(`unbalanced: ${text.slice(open, open + 60)}`);
}

function splitTop(text) {
  const parts = [""];
  let depth = 0;
  for (const letter of text) {
    if (letter === "," && depth === 0) parts.push("");
    else {
      depth += letter === "(" ? 1 : letter === ")" ? -1 : 0;
      parts[parts.length - 1] += letter;
    }
  }
  return parts.map((part) => part.trim());
}

/** Replace every call of `name(` in the text by what `change` makes of its inner text. */
function replaceCalls(text, name, change) {
  let done = "";
  let rest = text;
  for (let at = rest.indexOf(`${name}(`); at >= 0; at = rest.indexOf(`${name}(`)) {
    const { inner, end } = balanced(rest, at + name.length);
    done += rest.slice(0, at) + change(inner);
    rest = rest.slice(end);
  }
  return done + rest;
}

/** Read the custom properties of the plain `:root` blocks, later ones winning. */
function rootTokens(...sheets) {
  const tokens = new Map();
  for (const sheet of sheets) {
    for (const [, block] of sheet.matchAll(/(?:^|\n):root(?:,\s*:host)?(?:,\s*\[data-bs-theme=light\])?\s*\{([^}]*)\}/g)) {
      for (const [, name, value] of block.matchAll(/(--[\w-]+):\s*((?:[^;"]|"[^"]*")+);/g)) tokens.set(name, value.trim());
    }
  }
  return tokens;
}

/** Put the root's value in the place of var(), so that the compiler can compute the mixture. */
function resolveVars(text, tokens) {
  return replaceCalls(text, "var", (inner) => {
    const [name, fallback] = [splitTop(inner)[0], splitTop(inner).slice(1).join(", ")];
    const value = tokens.get(name) ?? fallback;
    // An opacity that a component sets for itself is whole until someone sets it; nobody of ours does.
    if (!value) return name.endsWith("-opacity") ? "1" : `var(${inner})`;
    return resolveVars(lightOnly(value), tokens);
  });
}

const lightOnly = (text) => replaceCalls(text, "light-dark", (inner) => lightOnly(splitTop(inner)[0]));

function resolveMixes(text, tokens) {
  return replaceCalls(text, "color-mix", (inner) => {
    const plain = resolveVars(resolveMixes(inner, tokens), tokens)
      .replace(/calc\(([\d.]+)\s*\*\s*100%\)/g, (_, share) => `${Number(share) * 100}%`)
      .replace(/([\d.]+)% 100%/g, "$1%");
    // A mixture with nothing is the colour itself: the only form left when the colour belongs to a component.
    const whole = plain.match(/^in \w+, (.+) 100%, transparent$/s);
    return whole ? whole[1] : `color-mix(${plain})`;
  });
}

/** Split a sheet into its statements: [prelude, body] for blocks, [text, null] for the rest. */
function statements(sheet) {
  const found = [];
  let start = 0;
  let depth = 0;
  let brace = 0;
  for (let at = 0; at < sheet.length; at += 1) {
    const letter = sheet[at];
    if (letter === '"' || letter === "'") at = sheet.indexOf(letter, at + 1);
    else if (letter === "{" && (depth += 1) === 1) brace = at;
    else if (letter === ";" && depth === 0) {
      found.push([sheet.slice(start, at + 1).trim(), null]);
      start = at + 1;
    } else if (letter === "}" && (depth -= 1) === 0) {
      found.push([sheet.slice(start, brace).trim(), sheet.slice(brace + 1, at)]);
      start = at + 1;
    }
  }
  return found;
}

function prune(sheet) {
  return statements(sheet)
    .map(([prelude, body]) => {
      if (body === null) return prelude;
      if (/^@(media|supports)/.test(prelude)) {
        const inner = prune(body);
        return inner && `${prelude} {\n${inner}\n}`;
      }
      if (prelude.startsWith("@keyframes")) return KEPT_KEYFRAMES.includes(prelude.split(/\s+/)[1]) ? `${prelude} {${body}}` : "";
      if (prelude.startsWith("@property")) return "";
      const selectors = splitTop(prelude).filter(isKept);
      return selectors.length ? `${selectors.join(", ")} {${body}}` : "";
    })
    .filter(Boolean)
    .join("\n");
}

const resolveRelative = (text, tokens) =>
  replaceCalls(text, "oklch", (inner) => `oklch(${inner.startsWith("from ") ? resolveVars(inner, tokens) : inner})`);

/** Return the part of Tabler's sheet that we use, every colour computable at build time. */
export function subset(sheet, ourTokens) {
  const plain = sheet.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(?<![\w-])scrollbar-color:[^;]*;/g, "");
  const tokens = rootTokens(plain, ourTokens.replace(/\/\*[\s\S]*?\*\//g, ""));
  return resolveRelative(resolveMixes(lightOnly(prune(plain)), tokens), tokens);
}
