/// What the connect pages add where scripts run; without, they work as they are.
enum ConnectScript {
    static let source = """
        "use strict";
        document.getElementById("errors")?.focus();
        for (const button of document.querySelectorAll("[data-reveals]")) {
          const input = document.getElementById(button.dataset.reveals);
          button.hidden = false;
          button.parentElement.classList.add("has-reveal");
          button.addEventListener("click", () => {
            const hides = input.type === "text";
            input.type = hides ? "password" : "text";
            button.setAttribute("aria-pressed", String(!hides));
          });
        }
        const form = document.querySelector("form");
        const submit = form?.querySelector("[type=submit]");
        form?.addEventListener("submit", (event) => {
          if (submit.getAttribute("aria-disabled")) return event.preventDefault();
          submit.setAttribute("aria-disabled", "true");
          document.getElementById("status").textContent = form.dataset.busy;
        });
        // A page that the browser kept comes back as it was left.
        window.addEventListener("pageshow", (event) => {
          if (event.persisted) submit?.removeAttribute("aria-disabled");
        });
        const { result, origin } = document.body.dataset;
        if (result && window.opener) {
          window.opener.postMessage(JSON.parse(result), origin);
          const close = document.getElementById("close");
          close.hidden = false;
          close.addEventListener("click", () => window.close());
        }

        """
}
