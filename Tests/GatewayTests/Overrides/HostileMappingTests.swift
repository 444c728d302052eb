import Accounts
import Catalog
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing
import TestSupport
import Unified

/// Mappings of a tenant that try to stop the gateway for the others: each ends within its budget, and meanwhile another
/// tenant's calls go on as ever.
@Suite(.serialized) struct HostileMappingTests {
    /// What the times of an optimised build on an idle machine are multiplied by: without optimisation code is that much
    /// slower, and other tests run beside. Without limits these mappings take hundreds of times longer, or for ever.
    /// `script/bench hostile` holds an optimised build to the times themselves.
    #if DEBUG
        private static let patience = 12.0
    #else
        private static let patience = 4.0
    #endif
    private static let milliseconds = 500

    static func limits(milliseconds: Int = milliseconds) -> UnifiedService.Limits {
        var limits = UnifiedService.Limits()
        limits.mapping.processorMilliseconds = milliseconds
        return limits
    }

    static let lists: [(key: String, expression: String)] = [
        ("query_mapping", "($f := function($n){ $f($n + 1) }; $f(0))"),
        ("response_mapping", "($f := function($n){ $f($n + 1) }; $f(0))"),
        ("query_mapping", #"{"a": $pad("x", 400000000)}"#),
        ("response_mapping", #"{"a": $pad("x", 400000000)}"#),
        ("query_mapping", #"{"a": $base64encode($pad("a", 300000000, "a"))}"#),
        ("response_mapping", #"($t := $pad("", 20000, "ab c"); {"a": $mostSimilar($t & "x", [1..1000].($t & $string($)))})"#),
        ("response_mapping", #"{"a": $convertMarkdownToHtml($pad("", 200000, "> "))}"#),
        ("response_mapping", #"{"a": $convertHtmlToMarkdown($pad("", 60000, "<blockquote>"))}"#),
        ("query_mapping", #"{"a": $replace($pad("", 50000, "<"), /<.*?>/, "")}"#),
        ("query_mapping", #"{"a": $match($pad("", 100000, "a"), /.*?b/)}"#),
        ("query_mapping", #"{"a": $match($pad("", 3000, "a"), /(.*?)(.*?)c/)}"#),
        ("query_mapping", #"{"a": $contains($pad("", 5000000, "a"), $pad("", 200000, "a") & "b")}"#),
        ("query_mapping", #"{"a": $split($pad("", 20000000, "ab"), "")}"#),
        ("query_mapping", #"{"a": $string([1..9000000])}"#),
        ("query_mapping", #"{"a": $count($distinct([1..300000].{"n": $}))}"#),
        ("query_mapping", #"{"a": $count($difference([1..100000].{"n": $}, [1..100000].{"m": $}))}"#),
        ("query_mapping", ##"{"a": $formatNumber(1, $pad("", 200000, "#"))}"##),
        ("query_mapping", #"{"a": $toMillis($pad("", 3000000, "1"), $pad("", 3000000, "[Y]"))}"#),
        ("query_mapping", #"{"a": $eval("($f := function($n){ $f($n + 1) }; $f(0))")}"#),
        ("query_mapping", #"{"a": $sum([1..1000].$sum([1..1000].$sum([1..1000])))}"#),
        ("query_mapping", #"{"a": $sort([1..2000000], function($a, $b){ $a > $b })}"#),
        ("path_mapping", #""/" & $pad("", 30000, "a")"#),
        ("request_header_mapping", #"{"X-Long": $pad("", 60000, "a")}"#),
    ]

    private static func set(_ gateway: TestGateway, _ mapping: JSONValue, method: String = "list") async throws {
        let response = try await gateway.send(
            .PATCH, "/integrated-account/\(gateway.accountID)",
            ["unified_model_override": ["ats": ["attachments": [method: mapping]]]])
        #expect(response.status == 200, "\(response.json.text())")
    }

    private static func list(_ gateway: TestGateway) -> String {
        "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&candidate_id=\(TestGateway.opportunity)"
    }

    @Test(arguments: lists)
    func `none is felt by another tenant, and each ends within its budget`(key: String, expression: String) async throws {
        try await TestGateway.run(limits: Self.limits()) { gateway in
            let neighbour = try await Neighbour(gateway)
            try await Self.addRecord(gateway)
            try await Self.set(gateway, [key: .string(expression)])
            var undisturbed: [Duration] = []
            for _ in 0..<20 { undisturbed.append(try await neighbour.store()) }
            let usual = try #require(undisturbed.max())
            // How busy the machine is with other tests.
            let load = max(1, usual / .milliseconds(50))
            let times = try await neighbour.store {
                let start = ContinuousClock.now
                let response = try await gateway.call(.GET, Self.list(gateway))
                let took = (ContinuousClock.now - start) / .milliseconds(1)
                let limit = (Double(Self.milliseconds) + 200) * Self.patience * load
                #expect(took < limit, "took \(took) ms")
                #expect([200, 400, 422, 500].contains(response.status), "\(response.json.text().prefix(500))")
                if response.status == 422 {
                    #expect(response.json["code"] == "mapping_too_expensive")
                    #expect(response.json["message"]?.string?.contains(key) == true, "\(response.json.text())")
                }
            }
            let p99 = times.sorted()[times.count * 99 / 100]
            #expect(p99 < max(.milliseconds(50) * Self.patience, usual * 5), "\(times.count) calls, \(usual) before")
        }
    }

    /// A list without records maps none.
    private static func addRecord(_ gateway: TestGateway) async throws {
        let stored = try await gateway.upload(
            Form(.field("candidate_id", TestGateway.opportunity), Form.resume),
            query: "remote_query[perform_as]=\(TestGateway.performAs)")
        #expect(stored.status == 200, "\(stored.json.text())")
    }

    @Test(arguments: ["query_mapping", "response_mapping", "request_header_mapping", "path_mapping", "error_mapping"])
    func `an endless one is told to cost too much, and where it stands`(key: String) async throws {
        try await TestGateway.run(limits: Self.limits(milliseconds: 100)) { gateway in
            try await Self.addRecord(gateway)
            try await Self.set(gateway, [key: "($f := function($n){ $f($n + 1) }; $f(0))"])
            let missing = key == "error_mapping" ? "00000000-0000-4000-8000-000000000000" : TestGateway.opportunity
            let response = try await gateway.call(
                .GET, "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&candidate_id=\(missing)")
            #expect(response.status == 422 && response.json["code"] == "mapping_too_expensive", "\(response.json.text())")
            #expect(response.json["message"]?.string?.contains(key) == true)
            #expect(response.json["statusCode"] == 422)
        }
    }

    @Test func `many at once from one tenant leave the others their turns`() async throws {
        try await TestGateway.run(limits: Self.limits()) { gateway in
            let neighbour = try await Neighbour(gateway)
            try await Self.set(gateway, ["query_mapping": "($f := function($n){ $f($n + 1) }; $f(0))"])
            var undisturbed: [Duration] = []
            for _ in 0..<20 { undisturbed.append(try await neighbour.store()) }
            let usual = try #require(undisturbed.max())
            let times = try await neighbour.store {
                try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<8 { group.addTask { try await gateway.call(.GET, Self.list(gateway)).status } }
                    for try await status in group { #expect(status == 422) }
                }
            }
            #expect(times.sorted()[times.count * 99 / 100] < max(.milliseconds(50) * Self.patience, usual * 5))
        }
    }

    @Test func `one whose caller has gone is ended`() async throws {
        // Far longer than the test may run.
        try await TestGateway.run(limits: Self.limits(milliseconds: 3_600_000)) { gateway in
            try await Self.set(gateway, ["query_mapping": "($f := function($n){ $f($n + 1) }; $f(0))"])
            for ends in [true, false] {
                let client = try await RawClient(gateway)
                try await client.send(
                    "GET \(Self.list(gateway)) HTTP/1.1\r\nhost: g\r\nauthorization: Bearer \(gateway.token)\r\n\r\n")
                // An account runs one expression at a time: the next call of this one waits until that has ended.
                if ends { try await client.close() } else { try await client.closeOutput() }
            }
            try await Self.set(gateway, ["response_mapping": #"{"id": response.id}"#])
            #expect(try await gateway.call(.GET, Self.list(gateway)).status == 200)
        }
    }

    @Test(arguments: [(60_000, 200), (70_000, 400)])
    func `an override of more than 64 KiB is not stored`(bytes: Int, status: Int) async throws {
        try await TestGateway.run { gateway in
            let mapping = JSONValue.string("{}" + String(repeating: " ", count: bytes))
            let account = try await gateway.send(
                .PATCH, "/integrated-account/\(gateway.accountID)",
                ["unified_model_override": ["ats": ["attachments": ["list": ["response_mapping": mapping]]]]])
            #expect(account.status == status, "\(account.json.text().prefix(300))")
            let model = try await gateway.send(
                .POST, "/environment-unified-model",
                ["unified_model_id": "ats", "override": ["description": mapping]])
            #expect(model.status == status, "\(model.json.text().prefix(300))")
            let installed = try await gateway.accounts.environmentIntegrations.find("lever", environment: gateway.environmentID)
            let integration = try await gateway.send(
                .PATCH, "/environment-integration/\(installed?.id ?? "")", ["override": ["error_expression": mapping]])
            #expect(integration.status == status, "\(integration.json.text().prefix(300))")
        }
    }
}
