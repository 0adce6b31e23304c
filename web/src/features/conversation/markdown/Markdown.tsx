import type { MarkedToken, Token, Tokens } from "marked";
import { createElement, memo, type ReactNode } from "react";
import { CodeBlock } from "./CodeBlock";
import { isEmojiOnly } from "./emoji-only";
import { safeHref } from "./links";
import styles from "./Markdown.module.css";
import { Called, Mention } from "./Mention";
import { findMentions, splitMentions } from "./mentions";
import { parse } from "./parse";

/**
 * What somebody wrote, formatted. Elements are made from the parser's tokens one kind at a time; no HTML is made and
 * none is taken over, so there is nothing to clean.
 */
export const Markdown = memo(function Markdown({ text }: { readonly text: string }) {
  if (isEmojiOnly(text)) return <p className={styles["big"]}>{text}</p>;
  return (
    <Called value={findMentions(text)}>
      {createElement("div", { className: styles["markdown"] }, ...blocks(parse(text)))}
    </Called>
  );
});

function blocks(tokens: readonly Token[]): ReactNode[] {
  return tokens.map((token) => block(token as MarkedToken));
}

function block(token: MarkedToken): ReactNode {
  switch (token.type) {
    case "space":
      return null;
    case "paragraph":
      return createElement("p", { dir: "auto" }, ...inline(token.tokens));
    case "heading":
      // A message has no outline of its own: the words are strong, the page's headings stay the page's.
      return createElement(
        "p",
        { dir: "auto", className: styles[`h${Math.min(token.depth, 3)}`] },
        ...inline(token.tokens),
      );
    case "code":
      return <CodeBlock text={token.text} language={token.lang} />;
    case "blockquote":
      return createElement("blockquote", { dir: "auto" }, ...blocks(token.tokens));
    case "list":
      return list(token);
    case "table":
      return table(token);
    case "hr":
      return <hr />;
    case "text":
      return createElement(
        "p",
        { dir: "auto" },
        ...(token.tokens === undefined ? plain(token.text) : inline(token.tokens)),
      );
    default:
      // HTML, link definitions and whatever the parser learns next are shown as they were written.
      return (
        <p dir="auto" className={styles["raw"]}>
          {token.raw.trimEnd()}
        </p>
      );
  }
}

function list(token: Tokens.List): ReactNode {
  const items = token.items.map((item) => {
    const box = item.task ? (
      <input type="checkbox" checked={item.checked ?? false} disabled readOnly />
    ) : null;
    const inner = item.tokens.filter(({ type }) => type !== "checkbox");
    const content = item.loose ? blocks(inner) : inner.flatMap((t) => tight(t as MarkedToken));
    return createElement(
      "li",
      { dir: "auto", className: item.task ? styles["task"] : undefined },
      box,
      ...content,
    );
  });
  if (!token.ordered) return createElement("ul", null, ...items);
  return createElement("ol", { start: token.start === "" ? 1 : token.start }, ...items);
}

/** In a list without blank lines, items are lines and not paragraphs. */
function tight(token: MarkedToken): ReactNode[] {
  if (token.type !== "text" && token.type !== "paragraph") return [block(token)];
  return token.tokens === undefined ? plain(token.text) : inline(token.tokens);
}

function table(token: Tokens.Table): ReactNode {
  const cells = (kind: "th" | "td", row: readonly Tokens.TableCell[]) =>
    row.map((cell) => {
      const align = cell.align === null ? undefined : styles[`align-${cell.align}`];
      return createElement(kind, { dir: "auto", className: align }, ...inline(cell.tokens));
    });
  const head = createElement("tr", null, ...cells("th", token.header));
  const body = token.rows.map((row) => createElement("tr", null, ...cells("td", row)));
  return (
    <div className={styles["table"]}>
      <table>
        <thead>{head}</thead>
        {createElement("tbody", null, ...body)}
      </table>
    </div>
  );
}

const LINE_BREAK = createElement("br", { key: "br" });

function inline(tokens: readonly Token[]): ReactNode[] {
  return tokens.flatMap((token) => span(token as MarkedToken));
}

function span(token: MarkedToken): ReactNode[] {
  switch (token.type) {
    case "text":
      return token.tokens === undefined ? plain(token.text) : inline(token.tokens);
    case "escape":
      return [token.text];
    case "strong":
      return [createElement("strong", null, ...inline(token.tokens))];
    case "em":
      return [createElement("em", null, ...inline(token.tokens))];
    case "del":
      return [createElement("del", null, ...inline(token.tokens))];
    case "codespan":
      return [createElement("code", { className: styles["code"] }, token.text)];
    case "br":
      return [LINE_BREAK];
    case "link":
      return [link(token.href, inline(token.tokens), token.raw)];
    case "image":
      // Fetching a picture would tell its host who reads this, and when.
      return [link(token.href, [token.text === "" ? token.href : token.text], token.raw)];
    default:
      return [token.raw];
  }
}

function link(href: string, content: readonly ReactNode[], raw: string): ReactNode {
  const safe = safeHref(href);
  if (safe === undefined) return raw;
  const props = {
    href: safe,
    title: safe,
    target: "_blank",
    rel: "noopener noreferrer",
    className: styles["link"],
  };
  return createElement("a", props, ...content);
}

function plain(text: string): ReactNode[] {
  return splitMentions(text).map((piece) => ("handle" in piece ? createElement(Mention, piece) : piece.text));
}
