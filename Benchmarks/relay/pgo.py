"""Writes deploy/functions.profdata: how often the branches of the gateway run, for the compiler to optimize by.

The program is built to count them (counting.json). It makes creates, large uploads and downloads, and lists of a few and of many records.
Functions that never ran are left out, so the compiler treats them as it would without a profile. Called by script/bench pgo.
"""
import glob, os, subprocess, sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from calls import Calls
from harness import Gateway, compiled_sink, free_port, tool, wait_for, workplace
from pages import account, page

CATALOG = os.path.join(os.path.dirname(os.path.abspath(__file__)), "catalog")
CREATES, LISTS, PAGES, LARGE = 4_000, 20, {10: 2_000, 1_000: 40}, 8
MEGABYTES = 32


def main():
    binary, target = sys.argv[1:]
    with workplace() as (folder, spawn):
        os.environ["LLVM_PROFILE_FILE"] = os.path.join(folder, "%p.profraw")
        sink = compiled_sink(folder)

        def provider(gives):
            port = free_port()
            spawn(sink, str(port), "0", str(gives))
            wait_for(port)
            return port

        plain = provider(MEGABYTES << 20)
        gateway = Gateway(binary, plain, folder)
        calls = Calls(gateway)
        calls.creates(CREATES)
        calls.lists(LISTS)
        calls.creates(LARGE, MEGABYTES << 20)
        file = f"http://127.0.0.1:{plain}/v1/opportunities/a/files/b/download"
        for _ in range(LARGE):
            calls.call("POST", "/unified/ats/attachments/download", calls.accounts["lever"], file_url=file)
        gateway.stop()
        for records, count in PAGES.items():
            path = os.path.join(folder, f"page-{records}.json")
            with open(path, "wb") as f:
                f.write(page(records))
            port = provider(path)
            gateway = Gateway(binary, port, folder, "--catalog", CATALOG, "--lenient-catalog")
            calls, own = Calls(gateway), account(gateway, port)
            for _ in range(count):
                calls.call("GET", "/unified/ats/attachments", own)
            gateway.stop()
        counts = glob.glob(os.path.join(folder, "*.profraw"))
        subprocess.check_call([tool("llvm-profdata"), "merge", "-sparse", "-o", target, *counts])
    print(f"{target}: {os.path.getsize(target)} bytes, of {len(counts)} runs")


main()
