import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing
import TestSupport

/// Pages and refusals that sandboxes never send, through mappings that do what built-in ones do not.
@Suite(.serialized) struct CorpusPageTests {
    struct Row: Sendable {
        /// Of the response.
        var head = "200 OK\r\ncontent-type: application/json"
        var body: String
        /// JSON of the one source that an override gives `list`; empty: no override.
        var mapping = ""
        var query = ""
    }

    @Test func `pages of a provider`() async throws {
        var lines: [String] = []
        for row in Self.rows {
            let head = "HTTP/1.1 \(row.head)\r\ncontent-length: \(row.body.utf8.count)\r\n\r\n"
            try await RawServer.run(RawServer.Script(.request, .send(head + row.body))) { provider in
                try await TestGateway.run(
                    sandboxOptions: FixedEffects.sandbox(), provider: provider.url, holes: ["127.0.0.1:\(provider.port)"],
                    effects: FixedEffects().effects
                ) { gateway in
                    try await Self.override(gateway, row.mapping)
                    lines += try await Corpus.lines(gateway, provider: provider.url) { corpus in
                        let path = "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&candidate_id=c&\(row.query)"
                        for format in row.query.isEmpty ? ["unified", "normalized", "debug"] : ["unified"] {
                            try await corpus.call(.GET, "\(path)&truto_response_format=\(format)")
                        }
                    }
                }
            }
        }
        try Corpus.compare("pages", lines)
    }

    private static func override(_ gateway: TestGateway, _ list: String) async throws {
        guard !list.isEmpty else { return }
        let response = try await gateway.call(
            .PATCH, "/integrated-account/\(gateway.accountID)", headers: [("content-type", "application/json")],
            body: ByteBuffer(string: #"{"unified_model_override":{"ats":{"attachments":{"list":{"sources":[\#(list)]}}}}}"#))
        try #require(response.status == 200, "\(response.json.text())")
    }

    /// Names in odd orders, repeated and escaped ones, numbers of every form, nulls, text beyond ASCII, lone surrogates.
    private static let odd = #"""
        {"data": [ {"id":12345678901234567890,"name":"a\u00e9\ud83d\ude00\ud800","ext":".pdf","uploadedAt":1700000000123,
          "2":1,"1":[ ],"x":null,"x":{"b":1.50,"a":-0.0,"c":1E5},"candidate":{"id":7}},
          {"id":true,"name":"\"\\\/\b\f\n\r\t\u0001","ext":"","uploadedAt":null, "deep":[[[{"k":[1,2,3]}]]]},
          {"id":"z","name":"ünï","m01":1,"m02":2,"m03":3,"m04":4,"m05":5,"m06":6,"m07":7,"m08":8,"m09":9,"m10":10,"m11":11,
           "m12":12,"m13":13,"m14":14,"m15":15,"m16":16,"m17":17,"m18":18,"m05":"again"}, 7, "text", null, [1], {} ],
         "hasNext": true, "next": "a%5B1%5D"}
        """#

    /// Everything that coercion looks at.
    private static let wide = #"""
        {"resource":"files","response_mapping":"{\"id\": response.id, \"file_name\": response.name, \"created_at\": response.at, \"updated_at\": response.on, \"expires_at\": null, \"candidate\": {\"id\": response.n, \"x\": response.n, \"gone\": null}, \"job\": [response.n], \"attachment_type\": response.flag, \"custom\": response.n, \"zero\": 0.1 + 0.2, \"big\": response.n * 10}"}
        """#

    private static let moments = #"""
        {"data":[{"id":1,"name":2.50,"at":"2026-11-28T09:22:22+02:00","on":"2026-11-28","n":1e3,"flag":false},
        {"id":"2","name":null,"at":"2026-11-28T07:22:22.296999Z","on":"2026-11-28T07:22:22.296Z","n":-0,"flag":true},
        {"id":3,"at":"not a time","on":17,"n":12345678901234567890.10,"flag":"x"}]}
        """#

    private static let files = #"{"data":[{"id":"f1","name":"a","ext":"pdf","uploadedAt":1},{"id":"f2","name":"b"}],"hasNext":false}"#

    static let rows: [Row] = [
        Row(body: odd), Row(body: odd, query: "truto_key_by=id"), Row(body: odd, query: "truto_exclude_fields=remote_data"),
        Row(body: moments, mapping: wide), Row(body: moments, mapping: wide, query: "truto_ignore_remote_data=true"),
        Row(body: moments, mapping: #"{"resource":"files","response_mapping":"response"}"#),
        Row(
            body: files,
            mapping: #"{"resource":"files","response_mapping":"{\"id\": response.id, \"remote_data\": {\"only\": response.name}}"}"#),
        Row(body: files, mapping: #"{"resource":"files","response_mapping":"{\"id\": response.id, \"remote_data\": null}"}"#),
        Row(body: files, mapping: #"{"resource":"files","response_mapping":"response.id = \"f1\" ? {\"id\": 1} : null"}"#),
        Row(body: files, mapping: #"{"resource":"files","response_mapping":"response.id"}"#),
        Row(body: files, mapping: #"{"resource":"files","response_mapping_method":"array","response_mapping":"[response.{\"id\": id}]"}"#),
        Row(
            body: files, mapping: #"{"resource":"files","response_mapping_method":"array","response_mapping":"[response[0].{\"id\": id}]"}"#
        ),
        Row(
            body: files,
            mapping: #"{"resource":"files","response_mapping_method":"array","response_mapping":"response.{\"id\": id, \"n\": null}"}"#),
        Row(body: files, mapping: #"{"resource":"files","response_mapping":"$error(\"no\")"}"#),
        Row(
            body: files,
            mapping:
                #"{"resource":"files","response_mapping":"{\"id\": $string(status) & headers.`content-type` & base_url & query.opportunity_id & $string(rawQuery)}"}"#
        ),
        Row(
            body: files,
            mapping:
                #"{"resource":"files","response_header_mapping":"{\"x-provider\": $string($count(response.data)), \"set-cookie\": \"a\"}"}"#
        ),
        Row(body: "[]"), Row(body: "{}"), Row(body: #"{"data":null}"#), Row(body: #"{"data":{"id":1,"name":"one"}}"#),
        Row(body: #"[{"id":1,"name":"bare"}]"#), Row(body: ""), Row(body: "null"), Row(body: "17"), Row(body: #""text""#),
        Row(body: "<html>"), Row(body: "{\"data\":[}"), Row(body: "\u{FEFF}{}"), Row(head: "204 No Content", body: ""),
        Row(head: "400 Bad Request", body: #"{"code":"X","message":"bad \u00fc","errors":[{"field":"a"}]}"#),
        Row(head: "401 Unauthorized", body: #"{"message":"no sandbox-lever-key here"}"#),
        Row(head: "403 Forbidden", body: "plain text"), Row(head: "404 Not Found", body: #"{"error":{"message":"gone"}}"#),
        Row(head: "409 Conflict", body: #"[{"message":"first"}]"#), Row(head: "422 Unprocessable Content", body: ""),
        Row(
            head: "429 Too Many Requests\r\nretry-after: 7\r\nx-ratelimit-limit: 10\r\nx-ratelimit-remaining: 0",
            body: #"{"message":"slow"}"#),
        Row(head: "500 Internal Server Error", body: "<h1>oops</h1>"), Row(head: "503 Service Unavailable", body: "{"),
        Row(
            head: "404 Not Found", body: #"{"message":"m"}"#,
            mapping: #"{"resource":"files","error_mapping":"{\"status\": 418, \"message\": error.message & \"!\", \"extra\": error.data}"}"#
        ),
        Row(head: "200 OK\r\nx-ratelimit-limit: 10\r\nx-ratelimit-remaining: 9\r\ncontent-type: application/json", body: files),
    ]
}
