/// The look of the connect pages. Colours meet a contrast of 4.5 to 1 for text and 3 to 1 for edges in both schemes.
enum ConnectStyle {
    static let css = """
        :root {
          color-scheme: light dark;
          --page: #f4f4f1; --card: #fff; --ink: #1a1b1e; --soft: #5b5e66; --line: #e2e2dd; --edge: #85888f;
          --accent: #2350c9; --accent-press: #1b3f9f; --on-accent: #fff; --tint: #eaeffb;
          --bad: #b02318; --bad-tint: #fdf1ef; --good: #17734a; --good-tint: #e7f5ee;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --page: #111214; --card: #1a1b1e; --ink: #eeeef0; --soft: #a5a8b0; --line: #2f3136; --edge: #7b7e87;
            --accent: #9ab6ff; --accent-press: #b9ccff; --on-accent: #0d1b40; --tint: #212a40;
            --bad: #ff9f95; --bad-tint: #2d1b19; --good: #74d3a0; --good-tint: #16291f;
          }
        }
        * { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
        body {
          margin: 0; min-height: 100vh; min-height: 100dvh; padding: 2rem 1rem; display: flex; flex-direction: column;
          align-items: center; justify-content: center; background: var(--page); color: var(--ink);
          font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
        }
        main {
          width: 100%; max-width: 27rem; padding: 2.25rem 2rem 2rem; background: var(--card); border-radius: 1rem;
          border: 1px solid var(--line); box-shadow: 0 1px 2px #0000000a, 0 12px 32px #0000000f;
        }
        .asker { display: flex; align-items: center; gap: .5rem; margin: 0 0 1.25rem; color: var(--soft); font-size: .9375rem; overflow-wrap: anywhere; }
        .asker img { width: 1.5rem; height: 1.5rem; object-fit: contain; flex: none; }
        .asker strong { color: var(--ink); font-weight: 600; }
        .mark {
          display: flex; align-items: center; justify-content: center; width: 3rem; height: 3rem; margin: 0 0 1.25rem;
          border-radius: .75rem; background: var(--tint); color: var(--accent); font-size: 1.375rem; font-weight: 650;
          overflow: hidden;
        }
        .mark img { width: 100%; height: 100%; object-fit: contain; }
        .mark.good { background: var(--good-tint); color: var(--good); }
        .mark.bad { background: var(--bad-tint); color: var(--bad); }
        .mark svg { width: 1.5rem; height: 1.5rem; }
        h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; letter-spacing: -.015em; font-weight: 650; text-wrap: balance; }
        .lead { margin: .5rem 0 0; color: var(--soft); text-wrap: pretty; overflow-wrap: anywhere; }
        form { margin: 1.75rem 0 0; }
        .field { margin: 0 0 1.25rem; }
        label { display: block; font-weight: 600; }
        .optional { color: var(--soft); font-weight: 400; }
        .help, .fault { margin: .125rem 0 0; font-size: .875rem; overflow-wrap: anywhere; }
        .help { color: var(--soft); }
        .fault { color: var(--bad); font-weight: 550; }
        .entry { position: relative; margin-top: .5rem; }
        input, select {
          width: 100%; min-height: 3rem; padding: 0 .875rem; font: inherit; color: inherit; background: var(--card);
          border: 1px solid var(--edge); border-radius: .5rem; appearance: none;
        }
        ::placeholder { color: var(--soft); opacity: 1; }
        select { padding-right: 2.75rem; }
        .of-choice::after {
          content: ""; position: absolute; top: calc(50% - .375rem); right: 1.125rem; width: .5rem; height: .5rem;
          border: solid var(--soft); border-width: 0 2px 2px 0; transform: rotate(45deg); pointer-events: none;
        }
        [aria-invalid] { border-color: var(--bad); box-shadow: inset 0 0 0 1px var(--bad); }
        .has-reveal input { padding-right: 4.5rem; }
        .reveal {
          position: absolute; top: 0; right: .25rem; height: 100%; min-width: 4rem; padding: 0; border: 0; border-radius: .375rem;
          background: none; color: var(--accent); font: inherit; font-size: .875rem; font-weight: 600; cursor: pointer;
        }
        .reveal[hidden] { display: none; }
        .button {
          display: flex; align-items: center; justify-content: center; gap: .5rem; width: 100%; min-height: 3rem; padding: .5rem 1rem;
          border: 0; border-radius: .5rem; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600;
          text-align: center; text-decoration: none; cursor: pointer; margin-top: 1.75rem;
        }
        .button:hover { background: var(--accent-press); }
        .button[aria-disabled=true] { opacity: .7; cursor: progress; }
        .button[hidden] { display: none; }
        a { color: var(--accent); text-underline-offset: .15em; }
        .more { margin: 1.25rem 0 0; display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; justify-content: center; font-size: .9375rem; }
        .more a { display: inline-block; padding: .5rem 0; }
        .more a:last-child { color: var(--soft); }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
        input:focus-visible, select:focus-visible { outline-offset: 0; border-color: var(--accent); }
        #errors { margin: 1.5rem 0 0; padding: .875rem 1rem; border-radius: .5rem; border-left: 4px solid var(--bad); background: var(--bad-tint); }
        #errors h2 { margin: 0; font-size: 1rem; color: var(--bad); }
        #errors p { margin: .25rem 0 0; overflow-wrap: anywhere; }
        #errors ul { margin: .25rem 0 0; padding-left: 1.125rem; }
        #errors a { color: var(--bad); }
        .choices { list-style: none; margin: 1.5rem -.75rem 0; padding: 0; }
        .choices a {
          display: flex; align-items: center; gap: .875rem; min-height: 4rem; padding: .5rem .75rem; border-radius: .75rem;
          color: inherit; text-decoration: none; font-weight: 600;
        }
        .choices a:hover { background: var(--tint); }
        .choices .mark { width: 2.5rem; height: 2.5rem; margin: 0; font-size: 1.125rem; flex: none; }
        .choices .arrow { margin-left: auto; color: var(--soft); width: 1.25rem; height: 1.25rem; flex: none; }
        footer {
          width: 100%; max-width: 27rem; padding: 1.25rem 2rem 0; color: var(--soft); font-size: .8125rem; display: flex; gap: .625rem;
        }
        footer svg { flex: none; width: 1rem; height: 1rem; margin-top: .1rem; }
        .quiet { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
        @media (max-width: 30rem) {
          body { padding: 0; justify-content: flex-start; background: var(--card); }
          main { padding: 2rem 1.25rem 1rem; border: 0; border-radius: 0; box-shadow: none; }
          footer { padding: .5rem 1.25rem 2rem; }
        }
        @media (forced-colors: active) { .button { border: 1px solid; } }

        """
}
