import AsyncHTTPClient
import JSON
import NIOCore
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

@testable import attache

struct UploadCallTests {
    private func call(_ gateway: String, _ remoteQuery: [KeyValue] = []) -> UploadCall {
        UploadCall(gateway: gateway, token: "t", account: "a-1", remoteQuery: remoteQuery)
    }

    @Test(arguments: ["https://gate.example", "https://gate.example/", "https://gate.example//"])
    func `slashes at the gateway's end do not matter`(gateway: String) throws {
        #expect(
            try call(gateway).address()
                == "https://gate.example/unified/ats/attachments?integrated_account_id=a-1"
        )
    }

    @Test func `remote query parameters are escaped whole`() throws {
        let address = try call("http://h", [KeyValue(key: "perform_as", value: "ä&=/ +")]).address()
        #expect(address.hasSuffix("&remote_query%5Bperform_as%5D=%C3%A4%26%3D%2F%20%2B"))
    }

    @Test(arguments: ["gate.example", "ftp://gate.example", ""])
    func `an address without http is refused`(gateway: String) {
        #expect(throws: CommandError.self) { try call(gateway).address() }
    }

    @Test(arguments: [
        (
            413, #"{"message":"The file is larger than 30 MB","code":"file_too_large","hint":"Make it smaller","request_id":"req_1"}"#,
            "The file is larger than 30 MB (HTTP 413, file_too_large, req_1). Make it smaller"
        ),
        (502, #"{"message":"","request_id":"req_1"}"#, "No reason was given (HTTP 502, req_1)"),
        (
            400, #"{"message":"candidate_id is required","param":"candidate_id","request_id":"req_1"}"#,
            "candidate_id is required (HTTP 400, req_1). See --candidate"
        ),
        (
            413, "null",
            "No reason was given (HTTP 413). That was no gateway but a proxy in front of it, or another program: see --url"
        ),
    ])
    func `a failure tells message, code, id and hint`(status: Int, body: String, line: String) throws {
        #expect(UploadCall.failure(status, try JSONValue.parse(body)).description == line)
    }

    @Test(arguments: [
        (#"{"message":"slow down","request_id":"r"}"#, "slow down (HTTP 429, r). Try again in 12 s"),
        (#"{"message":"slow down","request_id":"r","hint":"Send less"}"#, "slow down (HTTP 429, r). Send less. Try again in 12 s"),
    ])
    func `a limit says how long to wait`(body: String, line: String) throws {
        #expect(UploadCall.failure(429, try JSONValue.parse(body), retryAfter: 12).description == line)
    }

    @Test func `certificates that are to be trusted have to be there`() throws {
        #expect(throws: CommandError.self) { _ = try HTTPClient.trust(in: ["SSL_CERT_FILE": #filePath]) }
        #expect(throws: CommandError.self) { _ = try HTTPClient.trust(in: ["SSL_CERT_FILE": "/none"]) }
        _ = try HTTPClient.trust(in: ["SSL_CERT_FILE": ""])
    }

    @Test func `without a response it says why, and what became of the file`() {
        let call = call("http://h")
        let refused = call.noResponse(IOError(errnoCode: ECONNREFUSED, reason: "connect"), UploadFate(sent: 0, isWhole: false))
        #expect(refused.description == "No response from http://h: connection refused. Is the gateway running there? See --url")
        let broken = call.noResponse(HTTPClientError.remoteConnectionClosed, UploadFate(sent: 5, total: 5, isWhole: true))
        #expect(broken.description.contains("may be stored"))
    }
}
