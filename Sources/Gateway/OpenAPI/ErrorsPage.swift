import Unified

/// `/docs/errors`: every code, each at its own anchor, where the `type` of problem details leads.
enum ErrorsPage {
    static func html() -> String {
        DocumentationPage.layout(title: "Errors") { page in
            page.add("header") { page in
                page.add("p") { $0.add("a", [("href", "/docs")], "Attaché") }
                page.add("h1", "Errors")
                page.add("p", "Every error is JSON with a stable `code`. A `hint` says what to do about this very call.")
            }
            page.add("main", [("id", "content")]) { page in
                for code in APIError.Code.all {
                    guard let entry = ErrorGuide.entries[code.name] else { continue }
                    page.add("section", [("aria-labelledby", code.name)]) { page in
                        page.add("h2", [("id", code.name)]) { page in
                            page.add("code", code.name)
                            page.add("span", [("class", "note")], status(code))
                        }
                        page.add("p", entry.meaning)
                        page.add("p", entry.remedy)
                    }
                }
            }
        }
    }

    /// Where a code is explained; nil for what is none.
    static func address(_ code: String) -> String? {
        ErrorGuide.entries[code] == nil ? nil : "/docs/errors#\(code)"
    }

    private static func status(_ code: APIError.Code) -> String {
        code == .remoteError ? "the provider's status" : String(code.status)
    }
}
