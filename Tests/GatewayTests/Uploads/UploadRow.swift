import Crypto
import JSON
import NIOCore
import NIOHTTP1
import Testing

/// One request body, and what must become of it.
struct UploadRow: Sendable, CustomTestStringConvertible {
    enum Outcome: Sendable {
        /// The provider has these bytes under this name, and under this type where one is given.
        case stored([UInt8], name: String?, type: String?, path: String)
        /// The provider was not called.
        case refused(String, status: Int, param: String?, hint: String?)
    }

    var name: String
    var type: String?
    var body: [UInt8]
    var query = ""
    var headers: [(String, String)] = []
    var outcome: Outcome

    var testDescription: String { name }

    init(
        _ name: String, _ type: String?, _ body: String, query: String = "", headers: [(String, String)] = [],
        _ outcome: Outcome
    ) {
        self.init(name, type, bytes: Array(body.utf8), query: query, headers: headers, outcome)
    }

    init(
        _ name: String, _ type: String?, bytes: [UInt8], query: String = "", headers: [(String, String)] = [],
        _ outcome: Outcome
    ) {
        self.name = name
        self.type = type
        body = bytes
        self.query = query
        self.headers = headers
        self.outcome = outcome
    }

    func check(_ gateway: TestGateway) async throws {
        let response = try await gateway.call(
            .POST, "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&\(query)",
            headers: (type.map { [("content-type", $0)] } ?? []) + headers, body: ByteBuffer(bytes: body))
        let received = try await gateway.received()
        switch outcome {
        case .stored(let bytes, let fileName, let contentType, let path):
            #expect(response.status == 200, "\(name): \(response.json.text())")
            let part = received.first?["parts"]?.array?.first
            #expect(received.first?["path"]?.string == path, "\(name)")
            #expect(part?["sha256"]?.string == Self.sha256(bytes), "\(name): \(part?.text() ?? "nothing arrived")")
            if let fileName { #expect(part?["filename"]?.string == fileName, "\(name)") }
            if let contentType { #expect(part?["type"]?.string == contentType, "\(name)") }
        case .refused(let code, let status, let param, let hint):
            #expect(response.json["code"]?.string == code, "\(name): \(response.json.text())")
            #expect(response.status == status, "\(name)")
            if let param { #expect(response.json["param"]?.string == param, "\(name)") }
            #expect(response.json["hint"]?.string != nil, "\(name): \(response.json.text())")
            if let hint { #expect(response.json["hint"]?.string?.contains(hint) == true, "\(name): \(response.json.text())") }
            #expect(received.isEmpty, "\(name)")
        }
    }

    private static func sha256(_ bytes: [UInt8]) -> String {
        SHA256.hash(data: bytes).map { byte in
            String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
    }
}

extension UploadRow.Outcome {
    static let upload = "/v1/uploads"

    static func stored(_ text: String, _ name: String? = nil, _ type: String? = nil, path: String = upload) -> Self {
        .stored(Array(text.utf8), name: name, type: type, path: path)
    }

    static func refused(_ code: String, _ param: String? = nil, hint: String? = nil, status: Int = 400) -> Self {
        .refused(code, status: status, param: param, hint: hint)
    }
}
