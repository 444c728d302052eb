import HTTPTypes
import JSON
import Testing

@testable import Catalog
@testable import Unified
@testable import Upstream

/// What a caller is told where the provider refused, or could not be reached.
struct `A call that fails at its provider` {
    private static func refused(
        _ status: Int, _ response: ProviderResponse? = nil, message: String = "", members: JSONObject = [:],
        secrets: [String] = []
    ) -> APIError {
        let failure = ProviderFailure(
            status: status, message: message, members: members, isRateLimited: status == 429, retryAfter: nil, resetAt: nil,
            isNotFound: false)
        return APIError(failure, response: response, secrets: SecretMask(secrets))
    }

    // MARK: Refusals

    @Test(arguments: [400, 401, 403, 404, 422, 429, 500, 503]) func `has the provider's own status`(status: Int) {
        let error = Self.refused(status, message: "No such thing")
        #expect(error.code == .remoteError && error.status == status && error.message == "No such thing")
        #expect(error.insight["remote_error"] != nil)
        #expect((error.insight["rate_limit_error"] != nil) == (status == 429))
        #expect((error.insight["forbidden_error"] != nil) == (status == 403))
        #expect(Self.refused(status).message == "The provider refused the call")
    }

    @Test func `names the scopes that are missing`() {
        let scopes: JSONObject = ["missing_scopes": ["a:read", "b"]]
        #expect(Self.refused(403, members: scopes).insight["forbidden_error"]?["value"] == ["missing_scopes": ["a:read", "b"]])
        #expect(Self.refused(403).insight["forbidden_error"]?["value"] == ["missing_scopes": []])
        #expect(Self.refused(400, members: scopes).insight["forbidden_error"] == nil)
    }

    private static let limit = 64 << 10

    @Test func `shows what the provider said, as JSON or as text`() {
        let json = ProviderResponse(status: 400, json: ["error": ["a": 1]])
        #expect(Self.refused(400, json).remote?.rawResponse == ["error": ["a": 1]])
        let text = ProviderResponse(status: 400, json: nil, text: "<html>")
        #expect(Self.refused(400, text).remote?.rawResponse == "<html>")
        #expect(Self.refused(400, ProviderResponse(status: 400, json: nil)).remote?.rawResponse == "")
        #expect(Self.refused(400, nil).remote?.rawResponse == "")
    }

    @Test func `shows no more than 64 KiB of it`() {
        let long = String(repeating: "x", count: Self.limit + 10)
        let text = Self.refused(400, ProviderResponse(status: 400, json: nil, text: long)).remote?.rawResponse.string
        #expect(text == String(repeating: "x", count: Self.limit))
        let json = Self.refused(400, ProviderResponse(status: 400, json: ["a": .string(long)])).remote?.rawResponse.string
        #expect(json?.utf8.count == Self.limit && json?.hasPrefix(#"{"a":"xxx"#) == true)
    }

    @Test func `shows no secret, not even a part that the cut has left`() {
        let secret = "canary-secret-1234567890"
        for before in [0, Self.limit - 10, Self.limit - 1] {
            let said = String(repeating: "x", count: before) + secret + String(repeating: "y", count: Self.limit)
            for response in [
                ProviderResponse(status: 400, json: nil, text: said), ProviderResponse(status: 400, json: ["a": .string(said)]),
            ] {
                let error = Self.refused(400, response, message: "not \(secret)", secrets: [secret])
                let shown = error.remote?.rawResponse.text() ?? ""
                #expect(!shown.isEmpty && !shown.contains("canary"))
                #expect(error.message == "not ***")
            }
        }
        let scopes: JSONObject = ["missing_scopes": [.string(secret)]]
        let error = Self.refused(403, members: scopes, secrets: [secret])
        #expect(error.insight["forbidden_error"]?["value"] == ["missing_scopes": ["***"]])
    }

    @Test(
        arguments: [
            (200, .json, "<html>", true), (200, .json, "", false), (200, .json, #"{"a":1}"#, false), (200, .text, "<html>", false),
            (200, .binary, "<html>", false), (404, .json, "<html>", false), (204, .json, "", false), (201, .xml, "{", true),
            (200, .xml, "<a/>", false),
        ] as [(Int, IntegrationMethod.ProviderFormat, String, Bool)])
    func `has a response that is not what it promises`(
        status: Int, format: IntegrationMethod.ProviderFormat, text: String, isRefused: Bool
    ) throws {
        let definition = "label: V\nbase_url: https://v.test\nresources: {a: {get: {path: /, api_response_format: \(format.rawValue)}}}\n"
        let vendor = try Catalog(files: CatalogFiles(texts: ["integrations/v/integration.yaml": definition])).integration("v")
        let method = try #require(vendor.resources["a"]?.methods["get"])
        let response = ProviderResponse(status: status, headers: [:], body: Array(text.utf8), of: method)
        do throws(APIError) {
            try ProviderExchange.requireReadable(response, of: method, secrets: SecretMask(["html"]))
            #expect(!isRefused)
        } catch {
            #expect(isRefused && error.code == .badProviderResponse)
            #expect(error.message == "The provider's response is not \(format.rawValue.uppercased())")
            #expect(error.remote?.rawResponse.string?.contains("html") == false, "it may repeat a secret")
        }
    }

    @Test func `has the beginning of a page quoted, cut behind the masking`() throws {
        let definition = "label: V\nbase_url: https://v.test\nresources: {a: {get: {path: /}}}\n"
        let vendor = try Catalog(files: CatalogFiles(texts: ["integrations/v/integration.yaml": definition])).integration("v")
        let method = try #require(vendor.resources["a"]?.methods["get"])
        let page = String(repeating: "x", count: 990) + "canary-secret-1234567890" + String(repeating: "y", count: 50)
        let response = ProviderResponse(status: 200, headers: [:], body: Array(page.utf8), of: method)
        let error = #expect(throws: APIError.self) {
            try ProviderExchange.requireReadable(response, of: method, secrets: SecretMask(["canary-secret-1234567890"]))
        }
        let quoted = error?.remote?.rawResponse.string
        #expect(quoted?.count == 1000 && quoted?.hasSuffix("x***yyyyyyy") == true)
    }

    // MARK: No response

    @Test(
        arguments: [
            (.egressRefused, "egress_refused", 400), (.couldNotConnect, "provider_unreachable", 502),
            (.interrupted, "provider_unreachable", 502), (.providerBusy, "provider_busy", 503),
            (.outcomeUnknown, "outcome_unknown", 500), (.timedOut, "provider_timeout", 504),
            (.badResponse, "bad_provider_response", 502), (.responseTooLarge, "bad_provider_response", 502),
            (.sourceFailed, "incomplete_body", 400), (.invalidRequest, "internal_error", 500), (.cancelled, "internal_error", 500),
        ] as [(UpstreamError.Code, String, Int)])
    func `says whether it may be sent again`(code: UpstreamError.Code, name: String, status: Int) {
        let error = APIError(UpstreamError(code, "the reason"))
        #expect(error.code.name == name && error.status == status)
        #expect((error.remote != nil) == (name == "bad_provider_response"))
        if code == .providerBusy { #expect(error.headerFields == [.retryAfter: "2"] && error.hint != nil) }
        if code == .outcomeUnknown { #expect(error.hint?.contains("before you send it again") == true) }
        if name == "internal_error" { #expect(!error.message.contains("reason")) }
    }

    @Test func `has every fault of the transport in the table`() {
        #expect(UpstreamError.Code.allCases.count == 11)
    }

    @Test func `has its own fault told where its body could not be made`() {
        let own = APIError.fileTooLarge(limit: 5)
        #expect(APIError(.sourceFailed(own)) == own)
        #expect(APIError(.sourceFailed(Broken())).code == .incompleteBody)
    }

    // MARK: Files from an address

    @Test(
        arguments: [
            (.notAllowed, "egress_refused", "file_url is refused: r"), (.unusable, "file_url_refused", "file_url gives no file: r"),
            (.tooLarge, "file_too_large", "file_url gives too much: r"),
            (.unreachable, "file_url_unreachable", "The file could not be fetched: r"),
        ] as [(FileFetchError.Code, String, String)])
    func `blames the caller's address where that is at fault`(code: FileFetchError.Code, name: String, message: String) {
        let error = APIError(FileFetchError(code, "r"))
        #expect(error.code.name == name && error.message == message && error.param == "file_url")
        #expect((error.hint != nil) == (code == .notAllowed || code == .unusable))
    }

    @Test(
        arguments: [
            (.egressRefused, .notAllowed), (.invalidRequest, .unusable), (.badResponse, .unusable), (.cancelled, .cancelled),
            (.couldNotConnect, .unreachable), (.timedOut, .unreachable), (.interrupted, .unreachable), (.providerBusy, .unreachable),
        ] as [(UpstreamError.Code, FileFetchError.Code)])
    func `knows whether asking for the file again may help`(code: UpstreamError.Code, fetch: FileFetchError.Code) {
        #expect(FileFetchError(UpstreamError(code, "r")).code == fetch)
    }

    // MARK: Disk

    @Test func `is refused for now where the disk is full, and for good where it lies`() {
        let full = APIError(SpoolError.system(28))
        #expect(full.code == .overloaded && full.headerFields == [.retryAfter: "30"] && full.hint?.contains("multipart") == true)
        let damaged = APIError(SpoolError.damaged)
        #expect(damaged.code == .internalError && damaged.message.contains("nothing was stored"))
    }
}
