/// `/`: what this is, and where to go from here.
enum StartPage {
    /// - Parameter isDevelopment: whether `attache dev` runs it; then what to try next comes first.
    static func html(isDevelopment: Bool) -> String {
        DocumentationPage.layout(title: "Attaché") { page in
            page.add("header") { page in
                page.add("h1", "Attaché")
                page.add("p", [("class", "lead")], "One HTTP API in front of every applicant tracking system.")
                page.add(
                    "p", "This is the gateway itself: programs call it, with a token, and customers connect their accounts on its pages.")
            }
            page.add("main", [("id", "content")]) { page in
                if isDevelopment { writeSteps(to: &page) }
                writeLinks(to: &page)
            }
        }
    }

    private static func writeSteps(to page: inout HTML) {
        page.add("h2", "Try it")
        page.add("p", "`attache dev` has printed a token, the accounts of its pretend vendors and a call to paste. Then:")
        page.add("ol") { page in
            page.add("li") { page in
                page.add(text: "Upload a file:")
                page.add("pre", [("tabindex", "0")]) { page in
                    page.add(
                        "code",
                        """
                        curl "$ATTACHE_URL/unified/ats/attachments?integrated_account_id=$ATTACHE_ACCOUNT" \\
                          -H "Authorization: Bearer $ATTACHE_TOKEN" -F "candidate_id=$ATTACHE_CANDIDATE" -F "file=@cv.pdf"
                        """)
                }
            }
            page.add("li", "See what the pretend vendor received: `GET /_sandbox/requests` at the address that was printed for it.")
            page.add("li") { page in
                page.add(text: "Have a customer ")
                page.add("a", [("href", "/docs/connect")], "connect an account")
                page.add(text: ", or ")
                page.add("a", [("href", "/docs/add-a-vendor")], "add a vendor")
                page.add(text: " of your own.")
            }
        }
    }

    private static func writeLinks(to page: inout HTML) {
        page.add("h2", "Read")
        page.add("ul") { page in
            let links = [
                ("/docs", "Every call, with its parameters and responses"),
                ("/openapi.json", "The same as an OpenAPI 3.1 document"),
                ("/docs/errors", "Every error code, and what to do about it"),
                ("/health", "Whether the gateway is ready"),
            ]
            for (address, text) in links + Guide.all.map({ ("/docs/\($0.name)", $0.title) }) {
                page.add("li") { $0.add("a", [("href", address)], text) }
            }
        }
    }
}
