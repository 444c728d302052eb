import Catalog
import JSON
import Testing

struct `The keys of a call` {
    static func vendor(_ call: String, top: String = "") -> String {
        "label: V\nbase_url: https://a.test\n\(top)\nresources:\n  things:\n    make: {method: post, path: /x, no_session: true}\n    act: \(call)\n"
    }

    static func lint(_ text: String) -> [DefinitionFault] {
        let lint = CatalogLint.run(Catalog(files: CatalogFiles(texts: ["integrations/vendor/integration.yaml": text])))
        return lint.warnings + lint.faults
    }

    static let good: [String] = [
        "{path: /x, source: Guide}",
        "{path: /x, source: [Guide, Reference], unverified: true, unverified_reason: By analogy}",
        "{url: \"{{query.file_url}}\", no_auth: true, source: G, not_found_statuses: [403, 404]}",
        "{url: \"{{query.file_url}}\", auth: own_hosts, source: G}",
        "{path: /x, source: G, accepted_types: [.pdf], refused_types: [.exe]}",
        "{path: /x, source: G, max_body_size: 6MB, max_file_size: 4MB}",
        "{path: /x, source: G, file_url: {fetched: later, lifetime: 1h, times: 0, forward: true}}",
        "{path: /x, source: G, file_url: {fetched: during_call, lifetime: 90}}",
        "{path: /x, source: G, response_file: '{\"content\": data}', not_found_expression: 'status = 400'}",
        "{path: \"/x/{{id}}\", source: G, path_slashes: [id]}",
        "{path: /x, source: G, api_response_format: xml, xml_arrays: [Row]}",
        "{path: /x, source: G, pagination: {format: next_url, config: {next_path: next, limit_param: n}}}",
        "{path: /x, source: G, pagination: {format: page, config: {page_in: body, more_expression: '$page < pages'}}}",
        "{path: \"/x/{{pagination.page}}\", source: G, pagination: {format: page, config: {page_in: path}}}",
        "{path: /x, source: G, pagination: {format: cursor, config: {cursor_path: c, cursor_in: path}}}",
        "{path: /x, source: G, pagination: {format: offset, config: {offset_in: body}}}",
    ]

    @Test(arguments: good) func `are accepted`(call: String) {
        let faults = Self.lint(Self.vendor(call)).filter { $0.path.hasSuffix(".act") || $0.path.contains(".act.") }
        #expect(faults.map(\.description) == [])
    }

    static let bad: [(String, String)] = [
        ("{source: G}", "resources.things.act: 'path' is missing"),
        ("{path: /x, url: \"{{query.u}}\"}", "resources.things.act.url: a call has a 'path' or a 'url', not both"),
        ("{path: /x, source: G, unverified: true}", "'unverified_reason' is missing"),
        ("{path: /x, source: G, unverified_reason: because}", "says something only beside 'unverified: true'"),
        ("{path: /x, file_url: {lifetime: 1h}}", "resources.things.act.file_url: 'fetched' is missing"),
        ("{path: /x, file_url: {fetched: later, lifetime: soon}}", "expected a length of time such as 1h, found 'soon'"),
        ("{path: /x, path_slashes: [id]}", "the path has no placeholder 'id'"),
        ("{path: /x, xml_arrays: [A]}", "says something only where api_response_format is xml"),
        ("{path: /x, max_body_size: 1MB, max_file_size: 2MB}", "is more than max_body_size"),
        ("{path: /x, auth: own_hosts}", "act.auth: says something only beside 'url'"),
        ("{url: \"{{query.u}}\", auth: own_host}", "act.auth: 'own_host' is none of own_hosts"),
        ("{url: \"{{query.u}}\", auth: own_hosts, no_auth: true}", "act.auth: says nothing beside 'no_auth: true'"),
        ("{path: /x, accepted_types: [.pdf], refused_types: [.PDF]}", "act.refused_types.0: '.pdf' is among accepted_types too"),
        ("{path: /x, pagination: {format: next_url}}", "'next_path' is missing"),
        ("{path: /x, pagination: {format: page, config: {page_in: header}}}", "'header' is none of query, body, path"),
    ]

    @Test(arguments: bad) func `are refused where they say nothing or too little`(call: String, fault: String) {
        #expect(Self.lint(Self.vendor(call)).contains { $0.description.contains(fault) })
    }

    static let tops: [(String, String?)] = [
        ("allowed_hosts: [a.test, \"*.files.test\"]", nil),
        ("allowed_hosts: [\"*.test\"]", "takes in hosts of other owners"),
        ("allowed_hosts: [\"a.*.test\"]", "expected a host such as"),
        ("allowed_hosts: [\"https://a.test\"]", "expected a host such as"),
        ("session: {steps: [{name: l, config: {resource: things, method: make}}, {type: update_session, config: '{}'}]}", nil),
        ("session: {key: {steps: [{type: update_session, config: '{}'}], hosts: [\"*.b.test\"], expired: 'status = 401'}}", nil),
        ("session: {steps: [{name: l, config: {resource: things, method: mke}}]}", "has no method 'mke' (did you mean 'make'?)"),
        ("session: {steps: [{name: l, config: {resource: things, method: act}}]}", "say 'no_session: true' there"),
        ("session: {steps: [{type: update_context, config: '{}'}]}", "'update_context' is none of"),
        (
            "credentials: {k: {format: api_key, config: {fields: [{name: u, options_from: {resource: things, method: act, value: id, label: name}}]}}}",
            nil
        ),
        (
            "credentials: {k: {format: api_key, config: {fields: [{name: u, self_service: true, options_from: {resource: people, value: id}}]}}}",
            "which is no call of vendor"
        ),
    ]

    @Test(arguments: tops) func `of an integration are followed to what they name`(top: String, fault: String?) {
        let found = Self.lint(Self.vendor("{path: /x, source: G}", top: top)).filter { !$0.isWarning }.map(\.description)
        if let fault {
            #expect(found.contains { $0.contains(fault) }, "\(found)")
        } else {
            #expect(found == [])
        }
    }

    @Test func `say where their facts come from, or lint says once that none does`() {
        let own = Self.lint(Self.vendor("{path: /x}"))
        #expect(own.map(\.message) == ["no call says by 'source' which document its facts come from"])
        #expect(own.map(\.isWarning) == [true])
        let mixed = Self.lint(Self.vendor("{path: /x, source: G}"))
        #expect(mixed.map(\.path) == ["resources.things.make"])
        #expect(mixed.map(\.isWarning) == [true])
    }

    @Test(arguments: [
        ("", true), ("actions: {validation: {steps: [{name: me, config: {resource: things, method: make}}]}}", false),
        ("actions: {post_install: {steps: [{name: me, config: {resource: things, method: make}}]}}", true),
    ])
    func `without a validation action lint says that any key passes`(actions: String, isWarned: Bool) {
        let key = "credentials: {api_key: {format: api_key, config: {fields: [{name: api_key, label: Key, type: password}]}}}"
        let found = Self.lint(Self.vendor("{path: /x, source: G}", top: "\(key)\n\(actions)"))
        let warnings = found.filter { $0.message.contains("any text passes for a key") }
        #expect(warnings.map(\.path) == (isWarned ? ["credentials.api_key"] : []))
        #expect(warnings.map(\.isWarning) == warnings.map { _ in true })
    }

    @Test func `of a built-in definition are faults without a source`() {
        let text = "label: L\nbase_url: https://a.test\nresources: {files: {list: {path: /x}}}\n"
        let lint = CatalogLint.run(Catalog(files: CatalogFiles(texts: ["integrations/lever/integration.yaml": text])))
        #expect(lint.faults.map(\.path) == ["resources.files.list"])
    }

    @Test(arguments: [
        ("*.b.test", "a.b.test", true), ("*.b.test", "x.a.b.test", true), ("*.b.test", "b.test", false),
        ("*.b.test", "evilb.test", false), ("a.test", "A.TEST", true), ("a.test", "b.a.test", false),
        ("*.b.test", ".b.test", false),
    ]) func `that name hosts mean no others`(pattern: String, host: String, matches: Bool) {
        #expect(HostPattern(pattern).matches(host) == matches)
    }
}
