import Markdown from "react-markdown";
import classes from "./comments.module.css";

const LINKS = {
  a: ({ href, children }: { href?: string; children?: React.ReactNode }) => (
    <a href={href} target="_blank" rel="noreferrer noopener nofollow">
      {children}
    </a>
  ),
};

/** What people wrote, as Markdown: HTML in it stays text, pictures are not fetched from elsewhere. */
export function Written({ text }: { text: string }) {
  return (
    <div className={classes.written}>
      <Markdown components={LINKS} disallowedElements={["img"]} unwrapDisallowed>
        {text}
      </Markdown>
    </div>
  );
}
