import AsyncHTTPClient
import JSON
import NIOCore
import NIOHTTP1
import Sandbox

/// A response, read whole.
struct Answer {
    var status: Int
    var headers: HTTPHeaders
    var body: ByteBuffer

    var json: JSONValue { (try? JSONValue.parse(body.readableBytesView)) ?? .null }
}

extension TestGateway {
    /// Makes a call with the gateway's token unless another `authorization` is given; nil sends none.
    func call(
        _ method: HTTPMethod, _ path: String, headers: [(String, String)] = [], body: ByteBuffer? = nil,
        authorization: String? = "house"
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: baseURL + path)
        request.method = method
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let authorization {
            request.headers.add(
                name: "authorization", value: authorization == "house" ? "Bearer \(token)" : authorization)
        }
        if let body { request.body = .bytes(body) }
        let response = try await HTTPClient.shared.execute(request, timeout: .minutes(3))
        return Answer(
            status: Int(response.status.code), headers: response.headers,
            body: try await response.body.collect(upTo: 64 << 20))
    }

    /// The path of a unified call for the account.
    func path(_ resource: String, _ query: String = "") -> String {
        "/unified/ats/\(resource)?integrated_account_id=\(accountID)&\(query)"
    }

    /// Uploads a form.
    func upload(_ form: Form, query: String = "", headers: [(String, String)] = []) async throws -> Answer {
        try await call(
            .POST, "/unified/ats/attachments?integrated_account_id=\(accountID)&\(query)",
            headers: [("content-type", form.contentType)] + headers, body: form.body)
    }

    /// Posts JSON to the unified attachments.
    func uploadJSON(_ json: JSONValue, query: String = "", type: String = "application/json") async throws -> Answer {
        try await call(
            .POST, "/unified/ats/attachments?integrated_account_id=\(accountID)&\(query)",
            headers: [("content-type", type)], body: ByteBuffer(bytes: json.bytes()))
    }

    /// What the sandbox received since the last time this was asked.
    func received() async throws -> [JSONValue] {
        var request = HTTPClientRequest(url: sandbox.baseURL + "/_sandbox/requests")
        let response = try await HTTPClient.shared.execute(request, timeout: .minutes(2))
        let json = try JSONValue.parse(try await response.body.collect(upTo: 16 << 20).readableBytesView)
        request.method = .DELETE
        _ = try await HTTPClient.shared.execute(request, timeout: .minutes(2))
        return json["requests"]?.array ?? json["result"]?.array ?? json.array ?? []
    }

    /// What the sandbox holds.
    func stored() async throws -> JSONValue {
        let request = HTTPClientRequest(url: sandbox.baseURL + "/_sandbox/state")
        let response = try await HTTPClient.shared.execute(request, timeout: .minutes(2))
        return try JSONValue.parse(try await response.body.collect(upTo: 16 << 20).readableBytesView)
    }
}

/// A `multipart/form-data` body written out by hand, so that tests do not lean on our own writer.
struct Form {
    enum Part {
        case field(String, String)
        case file(String, name: String?, type: String?, bytes: [UInt8])
    }

    var parts: [Part]
    var boundary = "----test7f3a9c"

    init(_ parts: Part...) { self.parts = parts }
    init(_ parts: [Part]) { self.parts = parts }

    var contentType: String { "multipart/form-data; boundary=\(boundary)" }

    var body: ByteBuffer {
        var body = ByteBuffer()
        for part in parts {
            body.writeString("--\(boundary)\r\nContent-Disposition: form-data; ")
            switch part {
            case .field(let name, let value): body.writeString("name=\"\(name)\"\r\n\r\n\(value)")
            case .file(let field, let name, let type, let bytes):
                body.writeString("name=\"\(field)\"")
                if let name { body.writeString("; filename=\"\(name)\"") }
                if let type { body.writeString("\r\nContent-Type: \(type)") }
                body.writeString("\r\n\r\n")
                body.writeBytes(bytes)
            }
            body.writeString("\r\n")
        }
        body.writeString("--\(boundary)--\r\n")
        return body
    }

    /// A small PDF.
    static let pdf = Array("%PDF-1.4\n%fake résumé\n%%EOF\n".utf8)
    static let resume = Part.file("file", name: "resume.pdf", type: "application/pdf", bytes: pdf)
}
