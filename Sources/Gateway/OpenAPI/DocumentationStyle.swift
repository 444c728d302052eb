/// `/docs/style.css`.
enum DocumentationStyle {
    static let css = """
        :root { color-scheme: light dark; --line: #8884; --soft: #8881; --note: light-dark(#555, #aaa); }
        * { box-sizing: border-box; }
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem; }
        h1 { margin: .5rem 0; }
        h2 { margin: 2.5rem 0 .5rem; scroll-margin-top: 1rem; overflow-wrap: anywhere; }
        h3 { margin: 1.25rem 0 .25rem; font-size: 1rem; }
        .lead { font-size: 1.15rem; }
        .note { color: var(--note); font-size: .875rem; font-weight: normal; margin-left: .5rem; }
        .skip { position: absolute; left: -100rem; }
        .skip:focus { position: static; }
        code, pre { font-family: ui-monospace, monospace; font-size: .875rem; }
        code { overflow-wrap: anywhere; }
        pre { background: var(--soft); padding: .75rem; overflow-x: auto; border-radius: .25rem; }
        table { border-collapse: collapse; display: block; overflow-x: auto; }
        th, td { border: 1px solid var(--line); padding: .25rem .5rem; text-align: left; vertical-align: top; }
        blockquote { margin: 1rem 0; padding-left: 1rem; border-left: 2px solid var(--line); }
        nav ul { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1rem; }
        nav a { display: inline-block; padding: .25rem 0; }
        details { border: 1px solid var(--line); border-radius: .25rem; margin: .5rem 0; padding: 0 .75rem; }
        details[open] { padding-bottom: .75rem; }
        summary { padding: .75rem 0; cursor: pointer; overflow-wrap: anywhere; }
        summary:focus-visible, a:focus-visible, pre:focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
        .method { display: inline-block; min-width: 4.5rem; font-weight: bold; font-size: .875rem; }
        .what { display: block; color: var(--note); }
        dl { margin: .25rem 0; }
        dt { margin-top: .5rem; }
        dd { margin: 0; padding-left: 1rem; border-left: 2px solid var(--line); }
        @media (max-width: 30rem) { body { padding: .75rem; } .note { display: block; margin-left: 0; } }

        """
}
