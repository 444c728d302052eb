import Accounts
import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1
import Testing

/// docs/wire.md#errors: each bad input has its status and code, and the provider has stored nothing.
@Suite struct BadInputTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var name: String
        var type: String
        var body: String
        var query = ""
        var status = 400
        var code: String
        var testDescription: String { name }
    }

    static let form = "multipart/form-data; boundary=b"
    static func part(_ head: String, _ body: String = "x") -> String {
        "--b\r\nContent-Disposition: form-data; \(head)\r\n\r\n\(body)\r\n"
    }
    static let file = part("name=\"file\"; filename=\"cv.pdf\"", "%PDF")

    static let rows: [Row] = [
        Row(name: "no file in a form", type: form, body: part("name=\"a\"") + "--b--\r\n", code: "missing_file"),
        Row(name: "an empty form", type: form, body: "--b--\r\n", code: "missing_file"),
        Row(name: "two files", type: form, body: file + file + "--b--\r\n", code: "too_many_files"),
        Row(
            name: "a file in another part", type: form,
            body: part("name=\"cv\"; filename=\"cv.pdf\"") + "--b--\r\n", code: "missing_file"),
        Row(name: "no boundary", type: "multipart/form-data", body: file, code: "invalid_multipart"),
        Row(name: "another boundary", type: form, body: "--c\r\n\r\n--c--\r\n", code: "invalid_multipart"),
        Row(name: "a form cut short", type: form, body: file, code: "invalid_multipart"),
        Row(name: "a part without a name", type: form, body: part("filename=\"x\"") + "--b--\r\n", code: "invalid_multipart"),
        Row(
            name: "remote_data that is no object", type: form, body: part("name=\"remote_data\"", "[1]") + file + "--b--\r\n",
            code: "invalid_remote_data"),
        Row(name: "json that is none", type: "application/json", body: "{\"file\":", code: "invalid_json"),
        Row(name: "json that is no object", type: "application/json", body: "[]", code: "invalid_body"),
        Row(name: "json without a file", type: "application/json", body: "{\"a\":1}", code: "missing_file"),
        Row(name: "a file that is no base64", type: "application/json", body: "{\"file\":\"***\"}", code: "invalid_file"),
        Row(name: "a file that is a number", type: "application/json", body: "{\"file\":1}", code: "invalid_file"),
        Row(name: "two files in json", type: "application/json", body: "{\"file\":\"AA==\",\"file\":\"AA==\"}", code: "too_many_files"),
        Row(
            name: "a file by an address of this machine", type: "application/json",
            body: "{\"file_url\":\"https://127.0.0.1/a.pdf\"}", code: "egress_refused"),
        Row(
            name: "an unknown format", type: form, body: file + "--b--\r\n", query: "truto_response_format=csv",
            code: "invalid_query_parameter"),
        Row(
            name: "remote_query that is no object", type: form, body: file + "--b--\r\n", query: "remote_query=1",
            code: "invalid_query_parameter"),
        Row(
            name: "a query that nests too deep", type: form, body: file + "--b--\r\n",
            query: "a" + String(repeating: "[b]", count: 40) + "=1", code: "invalid_query"),
        Row(
            name: "too many parameters", type: form, body: file + "--b--\r\n",
            query: (0..<1100).map { "p\($0)=1" }.joined(separator: "&"), code: "invalid_query"),
    ]

    @Test func `bad input is answered with its code and stores nothing`() async throws {
        try await TestGateway.run { gateway in
            for row in Self.rows {
                let response = try await gateway.call(
                    .POST, "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&\(row.query)",
                    headers: [("content-type", row.type)], body: ByteBuffer(string: row.body))
                #expect(response.status == row.status, "\(row.name): \(response.json.text())")
                #expect(response.json["code"]?.string == row.code, "\(row.name): \(response.json.text())")
                #expect(response.json["statusCode"]?.int == row.status, "\(row.name)")
                #expect(response.json["error"]?.string?.isEmpty == false, "\(row.name)")
                #expect(response.json["message"]?.string?.isEmpty == false, "\(row.name)")
                #expect(response.json["request_id"]?.string == response.headers.first(name: "x-request-id"), "\(row.name)")
            }
            #expect(try await gateway.stored()["uploads"]?.array?.isEmpty == true)
        }
    }

    @Test func `callers without a token, and accounts that are not theirs, learn nothing`() async throws {
        try await TestGateway.run { gateway in
            let path = "/unified/ats/attachments?integrated_account_id="
            for authorization in [nil, "Bearer x", "Bearer", "Basic abc", "Bearer att_wrong"] {
                let response = try await gateway.call(.GET, path + gateway.accountID, authorization: authorization)
                #expect(response.status == 401)
                #expect(response.json["code"] == "unauthorized")
                #expect(response.json["message"] == "A valid token is required")
            }
            let other = try await gateway.accounts.environments.create(name: "Other")
            let token = try await gateway.accounts.tokens.create(name: "other", environment: other.id)
            let foreign = try await gateway.call(
                .GET, path + gateway.accountID, authorization: "Bearer \(token.secret.exposed())")
            let unknown = try await gateway.call(.GET, path + "00000000-0000-4000-8000-000000000000")
            for response in [foreign, unknown] {
                #expect(response.status == 404)
                #expect(response.json["code"] == "account_not_found")
            }
        }
    }

    @Test func `problem details are given to those who ask`() async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.call(
                .GET, "/unified/ats/attachments", headers: [("accept", "application/problem+json")])
            #expect(response.status == 400)
            #expect(response.headers.first(name: "content-type") == "application/problem+json")
            #expect(response.json["code"] == "missing_query_parameter")
            #expect(response.json["status"]?.int == 400)
            #expect(response.json["truto_error_insight"]?["missing_required_query_parameters"] != nil)
        }
    }

    @Test func `a provider's refusal keeps its status and body`() async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.upload(
                Form(.field("candidate_id", TestGateway.opportunity), Form.resume),
                query: "remote_query[perform_as]=\(LeverSeed.deactivatedUser)")
            #expect(response.status >= 400 && response.status < 500)
            #expect(response.json["truto_is_remote_error"] == true)
            #expect(response.json["raw_response"]?["code"]?.string != nil)
            #expect(response.json["message"]?.string?.contains("perform_as") == true)
            #expect(response.json["truto_error_insight"]?["remote_error"] != nil)
        }
    }
}
