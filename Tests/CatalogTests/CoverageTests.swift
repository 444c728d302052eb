import Catalog
import Foundation
import JSON
import Testing

struct `What integrations offer` {
    @Test func `is what docs/coverage.md says`() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/coverage.md")
        let catalog = try Catalog.builtIn()
        let made = try Coverage(catalog).markdown(catalog)
        let isTrue = try String(contentsOf: page, encoding: .utf8) == made
        #expect(isTrue, "make it anew: attache catalog coverage --markdown > docs/coverage.md")
    }

    @Test func `cites the vendor's documents for every built-in method`() throws {
        #expect(try Coverage(Catalog.builtIn()).entries.filter(\.sources.isEmpty).map { "\($0.integration) \($0.method)" } == [])
    }

    static let uploads: [(String, String, String)] = [
        ("create: {method: post, path: /f, body_format: multipart}", "request_body_mapping: '{\"f\": body.file}'", "multipart"),
        ("create: {method: post, path: /f}", "request_body_mapping: '{\"f\": $base64encode(body.file)}'", "base64"),
        ("create: {method: post, path: /f, body_format: xml}", "request_body_mapping: '{\"f\": body.file}'", "base64"),
        ("create: {method: put, path: /f, body_format: raw}", "request_body_mapping: body.file", "raw"),
        (
            "create: {method: post, path: /f, file_url: {fetched: later}}",
            "request_body_mapping: '{\"u\": $merge([body.file, {\"as\": \"url\"}])}'", "url"
        ),
        (
            "create: {method: post, path: /f}\n    put: {method: put, url: \"{{before.h.url}}\", no_auth: true, body_format: raw}",
            "before: [{name: s, config: {resource: things, method: put, body: \"{{body.file}}\"}}], request_body_mapping: '{}'",
            "presigned"
        ),
        (
            "create: {method: post, path: /f}\n    put: {method: put, base_url: \"{{before.h.url}}\", path: \"\", no_auth: true, body_format: raw}",
            "before: [{name: s, config: {resource: things, method: put, body: \"{{body.file}}\"}}], request_body_mapping: '{}'",
            "presigned"
        ),
        (
            "create: {method: post, path: /f}\n    put: {method: post, path: /up, body_format: multipart}",
            "before: [{name: s, config: '{\"resource\": \"things\", \"method\": \"put\", \"body\": {\"f\": body.file}}'}], request_body_mapping: '{}'",
            "two_step"
        ),
        // The step is the upload; the call reads what has come of it.
        (
            "create: {path: /f}\n    put: {method: post, path: /up}",
            "before: [{name: s, config: '{\"resource\": body.name ? \"things\" : \"others\", \"method\": \"put\", \"body\": {\"f\": $base64encode(body.file)}}'}], request_body_mapping: '{}'",
            "base64"
        ),
    ]

    @Test(arguments: uploads) func `tells how a file reaches the vendor`(calls: String, mapping: String, kind: String) throws {
        let vendor = "label: V\nbase_url: https://a.test\nresources:\n  things:\n    \(calls)\n"
        let plan = try Sample.plan("create", integration: vendor, mapping: "resources: {things: {create: {\(mapping)}}}")
        #expect(Coverage.Entry(plan).upload == kind)
    }

    @Test func `tells the limit and the types of the call that takes the file`() throws {
        let vendor = """
            label: V
            base_url: https://a.test
            resources:
              things:
                create: {method: post, path: /f, source: G}
                put: {method: put, url: "{{before.h.url}}", no_auth: true, body_format: raw, source: [G, H], max_file_size: 5MB,
                  accepted_types: [.pdf], unverified: true, unverified_reason: Seen}
            """
        let mapping = "before: [{name: s, config: {resource: things, method: put, body: \"{{body.file}}\"}}], request_body_mapping: '{}'"
        let plan = try Sample.plan("create", integration: vendor, mapping: "resources: {things: {create: {\(mapping)}}}")
        #expect(plan.largestFile == 5_000_000)
        #expect(
            Coverage.Entry(plan).json == [
                "integration": "vendor", "resource": "things", "method": "create", "evidence": "inferred",
                "max_file_size": 5_000_000, "accepted_types": [".pdf"], "refused_types": [], "upload": "presigned", "filters": nil,
            ])
        #expect(Coverage.Entry(plan).sources == ["G", "H"])
    }

    @Test(arguments: [
        ("refused_types: [.exe, .bat]", "", [".exe", ".bat"]), ("refused_types: [.exe, .bat]", "refused_types: [.bat, .sh]", [".bat"]),
        ("refused_types: [.exe]", "source: G", []),
    ])
    func `names the types that none of its calls takes`(one: String, other: String, types: [String]) throws {
        let calls = "create: {method: post, path: /f, \(one)}" + (other.isEmpty ? "" : "\n    put: {method: put, path: /g, \(other)}")
        let vendor = "label: V\nbase_url: https://a.test\nresources:\n  things:\n    \(calls)\n"
        let choice = other.isEmpty ? "" : "method: {expression: body.name, methods: [create, put]}, "
        let plan = try Sample.plan(
            "create", integration: vendor, mapping: "resources: {things: {create: {\(choice)request_body_mapping: '{}'}}}")
        #expect(Coverage.Entry(plan).refusedTypes == types)
    }

    @Test(arguments: [
        ("config: {resource: things, method: creat}", true), ("config: {resource: thing}", true),
        ("config: '{\"resource\": \"thing\"}'", true), ("config: '{\"resource\": \"things\", \"method\": \"move\"}'", true),
        ("config: '{\"resource\": body.name = \"x\" ? \"things\" : \"others\", \"method\": \"create\"}'", false),
        ("config: '{\"resource\": \"things\", \"method\": body.name}'", false), ("config: '$merge([body.name])'", false),
        ("config: {resource: things}", false), ("type: transform, config: {resource: thing}", false),
    ])
    func `lint finds a step that names no call`(config: String, isFault: Bool) {
        let mapping = Sample.mapping.replacing("create:\n", with: "create:\n      before: [{name: s, \(config)}]\n")
        let faults = CatalogLint.run(Sample.catalog(mapping: mapping)).faults.map(\.description)
        #expect(faults.contains { $0.contains("create.before.0.config: vendor has no such call") } == isFault, "\(faults)")
    }

    /// What one of its calls rests on, all of it does.
    @Test(arguments: [
        ("method: {expression: body.name, methods: [create, put]}, request_body_mapping: '{}'", ["Seen"], ["G", "H"]),
        ("before: [{name: s, config: {resource: things, method: put}}], request_body_mapping: '{}'", ["Seen"], ["H", "G"]),
        (
            "before: [{name: s, for_each: body.refs, config: '{\"resource\": \"things\", \"method\": \"put\"}'}, "
                + "{name: t, config: {resource: things, method: put}}], request_body_mapping: '{}'", ["Seen"], ["H", "G"]
        ),
        (
            "before: [{name: s, config: '{\"resource\": \"things\", \"method\": $exists(body.name) ? \"put\" : \"create\"}'}], "
                + "request_body_mapping: '{}'", ["Seen"], ["H", "G"]
        ),
        ("request_body_mapping: '{}', unverified: true, unverified_reason: By analogy, source: I", ["By analogy"], ["I", "G"]),
        ("request_body_mapping: '{}'", [], ["G"]),
    ])
    func `is inferred where one of the calls is, and says each reason once`(mapping: String, reasons: [String], sources: [String]) throws {
        let vendor = """
            label: V
            base_url: https://a.test
            resources:
              things:
                create: {method: post, path: /f, source: G}
                put: {method: put, path: /g, source: H, unverified: true, unverified_reason: Seen}
            """
        let entry = Coverage.Entry(
            try Sample.plan("create", integration: vendor, mapping: "resources: {things: {create: {\(mapping)}}}"))
        #expect(entry.reasons == reasons)
        #expect(entry.isDocumented == reasons.isEmpty)
        #expect(entry.sources == sources)
    }

    @Test func `counts base64 as it is sent`() throws {
        let vendor = "label: V\nbase_url: https://a.test\nresources: {things: {create: {method: post, path: /f, max_body_size: 400}}}"
        let plan = try Sample.plan("create", integration: vendor, mapping: "resources: {things: {create: {request_body_mapping: '{}'}}}")
        #expect(plan.largestFile == 300)
    }
}
