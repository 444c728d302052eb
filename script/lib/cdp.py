"""A headless Chromium, driven by the DevTools protocol."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time

import websocket

DEADLINE = 20


class Chromium:
    """A browser with a profile of its own. Use it in a `with` statement."""

    def __init__(self):
        names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
        program = next((path for path in map(shutil.which, names) if path), None)
        if program is None:
            raise SystemExit("there is no Chromium; script/bootstrap installs it")
        self.profile = tempfile.mkdtemp()
        self.process = subprocess.Popen(
            [program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
             "--hide-scrollbars", "--disable-background-networking", "--remote-debugging-port=0",
             "--remote-allow-origins=*", f"--user-data-dir={self.profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.counter = 0
        self.messages = []

    def __enter__(self):
        file = os.path.join(self.profile, "DevToolsActivePort")
        until(lambda: os.path.exists(file) and len(open(file).read().split()) == 2, "Chromium starts")
        port, path = open(file).read().split()
        self.socket = websocket.create_connection(f"ws://127.0.0.1:{port}{path}", timeout=DEADLINE)
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def send(self, method, session=None, **parameters):
        self.counter += 1
        message = {"id": self.counter, "method": method, "params": parameters}
        if session:
            message["sessionId"] = session
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.recv())
            if answer.get("id") == self.counter:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.messages.append(answer)

    def page(self, width=1280, height=800, **options):
        return Page(self, width, height, **options)


class Page:
    """One tab."""

    def __init__(self, browser, width, height, scheme="light", scripts=True):
        self.browser = browser
        # Cookies of one page are not another's.
        context = browser.send("Target.createBrowserContext")["browserContextId"]
        target = browser.send("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        self.session = browser.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.send("Page.enable")
        self.send("Log.enable")
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=2, mobile=width < 500)
        self.send("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        if not scripts:
            self.send("Emulation.setScriptExecutionDisabled", value=True)

    def send(self, method, **parameters):
        return self.browser.send(method, self.session, **parameters)

    def run(self, script):
        result = self.send("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in result:
            raise RuntimeError(f"{script}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def open(self, address):
        self.send("Page.navigate", url=address)

    def shows(self, text):
        """Waits until the page says this."""
        until(lambda: text in (self.text() or ""), f"the page says {text!r}", self.text)

    def text(self):
        try:
            return self.run("document.readyState === 'complete' ? document.body.innerText : ''")
        except RuntimeError:
            return ""  # Between two pages.

    def has(self, selector):
        """Waits until the page, all of it, has such an element."""
        wanted = f"document.readyState === 'complete' && document.querySelector({json.dumps(selector)}) !== null"

        def there():
            try:
                return self.run(wanted)
            except RuntimeError:
                return False  # Between two pages.

        until(there, f"the page has {selector!r}", self.text)

    def type(self, selector, text):
        self.has(selector)
        self.run(f"document.querySelector({json.dumps(selector)}).focus()")
        self.send("Input.insertText", text=text)

    def press(self, key, code):
        for kind in ("keyDown", "keyUp"):
            extra = {"text": "\r"} if key == "Enter" and kind == "keyDown" else {}
            self.send("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **extra)

    def click(self, selector):
        self.has(selector)
        box = self.run(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView({{block: 'center'}});"
            " const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; })()")
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)

    def screenshot(self, path):
        data = self.send("Page.captureScreenshot")["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(data))

    def complaints(self):
        """What the browser logged against the page: refused styles and scripts, failed requests."""
        self.run("0")
        return [
            message["params"]["entry"]["text"] for message in self.browser.messages
            if message.get("sessionId") == self.session and message["method"] == "Log.entryAdded"
            and message["params"]["entry"]["source"] in ("security", "violation", "javascript")
        ]


def until(condition, what, found=lambda: ""):
    """Polls until a condition holds; what takes longer than the deadline never happens."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"{what}: it did not within {DEADLINE} s; the page: {found()!r}")
