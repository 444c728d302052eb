import Catalog
import JSON
import Testing

struct `The built-in catalog` {
    @Test func `has no faults`() throws {
        let lint = CatalogLint.run(try Catalog.builtIn())
        #expect(lint.faults.map(\.description) == [])
        #expect(lint.checkedFiles > 3)
    }

    @Test func `keeps to its contract examples`() throws {
        let test = CatalogTest.run(try Catalog.builtIn())
        #expect(test.outcomes.flatMap { outcome in outcome.differences.map { "\(outcome.file): \($0)" } } == [])
        #expect(test.passed >= 10)
    }

    @Test func `has the attachments resource whole`() throws {
        let model = try Catalog.builtIn().model("ats")
        let attachments = try #require(model.resources["attachments"])
        #expect(attachments.methodNames == ["list", "get", "create", "delete", "download"])
        #expect(
            attachments.schema.properties.map(\.name) == [
                "id", "file_name", "file_url", "candidate", "application", "job", "attachment_type", "expires_at",
                "created_at", "updated_at", "remote_data",
            ]
        )
        #expect(attachments.methods["download"]?.response == .binary)
        #expect(model.resourceNames.count == 17)
    }

    static let files: [(String?, String?, Bool)] = [
        ("cv.pdf", "application/pdf", true), ("cv.PDF", "application/octet-stream", true), ("cv", "application/pdf; x=y", true),
        ("photo.png", "image/png", true), ("cv.docx", nil, true), (nil, nil, true), ("data.bin", "application/octet-stream", true),
        ("film.mp4", "video/mp4", false), ("page.html", "text/html", false), ("a.exe", "application/x-msdownload", false),
        ("photo.gif", "image/gif", false),
    ]

    @Test(arguments: files)
    func `a method with accepted types takes no others`(name: String?, type: String?, accepted: Bool) throws {
        let any = try #require(try Catalog.builtIn().integration("lever").resources["uploads"]?.methods["create"])
        #expect(any.accepts(fileName: name, contentType: type))
        let types: JSONValue = [".pdf", ".docx", "application/pdf", "image/png"]
        // A catalog of its own: it keeps an integration by the version of its overrides, and another test has this one too.
        let override = Overrides(version: "1", integration: ["resources": ["uploads": ["create": ["accepted_types": types]]]])
        let lever = try Catalog().integration("lever", environmentOverrides: nil, accountOverrides: override)
        let some = try #require(lever.resources["uploads"]?.methods["create"])
        #expect(some.accepts(fileName: name, contentType: type) == accepted)
    }

    static let others: [(String?, String?, Bool)] = [
        ("cv.pdf", "application/pdf", true), (nil, nil, true), ("setup.EXE", "application/pdf", false), ("setup.exe", nil, false),
        ("setup", "application/x-msdownload; v=1", false), ("clip", "video/mp4", false), ("clip.mp4", "application/octet-stream", true),
        ("exe", "text/plain", true),
    ]

    @Test(arguments: others)
    func `a method with refused types takes all others`(name: String?, type: String?, accepted: Bool) throws {
        let types: JSONValue = [".exe", "application/x-msdownload", "video/*"]
        for accepts in [nil, [".pdf", ".exe", "text/plain", "application/x-msdownload"]] as [JSONValue?] {
            var call: JSONObject = ["refused_types": types]
            call["accepted_types"] = accepts
            let override = Overrides(version: "1", integration: ["resources": ["uploads": ["create": .object(call)]]])
            let lever = try Catalog().integration("lever", environmentOverrides: nil, accountOverrides: override)
            let some = try #require(lever.resources["uploads"]?.methods["create"])
            #expect(some.accepts(fileName: name, contentType: type) == accepted)
        }
    }

    @Test func `knows how large a file Lever takes`() throws {
        let method = try #require(try Catalog.builtIn().integration("lever").resources["uploads"]?.methods["create"])
        #expect(method.maxFileSize == 30_000_000)
        #expect(method.idempotent == false)
    }

    @Test func `knows how Lever accounts are connected`() throws {
        let lever = try Catalog.builtIn().integration("lever")
        #expect(lever.credentials.map(\.name) == ["api_key", "oauth2"])
        #expect(lever.credentials[0].fields.map { "\($0.name) \($0.isSecret)" } == ["api_key true", "perform_as false"])
        #expect(lever.credentials[1].oauth2?.tokenURL?.constant == "https://auth.lever.co/oauth/token")
        #expect(lever.rateLimit?.buckets.map { [$0.requests, Int($0.seconds), $0.burst] } == [[10, 1, 20]])
        #expect(try Catalog.builtIn().mappedMethods(model: "ats", integration: "lever")["attachments"]?.contains("create") == true)
    }

    @Test func `asks for a candidate where Lever needs one`() throws {
        let catalog = try Catalog.builtIn()
        for method in ["list", "get", "delete"] {
            let plan = try catalog.plan(model: "ats", resource: "attachments", method: method, integration: "lever")
            #expect(try plan.validate(CallInput(id: "f")).missingQuery == ["candidate_id or application_id"])
            #expect(try plan.validate(CallInput(query: ["application_id": "o"], id: "f")).isComplete)
        }
    }
}

struct `Contract examples` {
    static let example = """
        {"description": "d", "model": "demo", "resource": "things", "method": "get", "account": {"context": {"api_key": "k"}},
         "call": {"id": "7"},
         "exchanges": [{"request": {"method": "GET", "url": "https://api.vendor.test/v1/things/7", "query": {}},
                        "answer": {"status": 200, "body": {"id": 7, "title": "t"}}}],
         "result": {"id": "7", "name": "t"}}
        """

    static func differences(_ old: String, _ new: String) -> [String] {
        let text = example.replacing(old, with: new)
        let catalog = Sample.catalog(more: ["integrations/vendor/examples/get.json": text])
        return CatalogTest.run(catalog, integration: "vendor").outcomes.flatMap(\.differences)
    }

    static let changes: [(String, String, [String])] = [
        ("", "", []),
        ("\"name\": \"t\"", "\"name\": \"u\"", [#"result.name: expected "u", found "t""#]),
        ("\"name\": \"t\"", "\"owner\": {}", ["result.owner: expected {}, found nothing"]),
        (
            "things/7\"", "things/8\"",
            [#"exchange 1: url: expected "https://api.vendor.test/v1/things/8", found "https://api.vendor.test/v1/things/7""#]
        ),
        ("\"query\": {}", "\"query\": {\"a\": \"1\"}", [#"exchange 1: query: expected {"a":"1"}, found {}"#]),
        ("\"status\": 200", "\"status\": 500", ["result: error 500 t"]),
    ]

    @Test(arguments: changes)
    func `fail with what differs`(old: String, new: String, expected: [String]) {
        #expect(Self.differences(old.isEmpty ? "\u{0}" : old, new) == expected)
    }

    @Test func `that are no examples are refused at their place`() {
        #expect(Self.differences("\"call\"", "\"cal\"").joined().contains("cal: unknown key (did you mean 'call'?)"))
        #expect(Self.differences("\"answer\":", "\"answer\"").joined().contains("get.json:4: not JSON"))
    }
}
