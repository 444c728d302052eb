import Crypto
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Testing
import Unified

/// RFC 9530: the body that arrives is the one the digest was made of, or the provider never has all of it.
@Suite struct DigestTests {
    static func field(_ bytes: ByteBuffer, _ algorithm: String = "sha-256") -> String {
        let data = Data(bytes.readableBytesView)
        let digest = algorithm == "sha-256" ? Data(SHA256.hash(data: data)) : Data(SHA512.hash(data: data))
        return "\(algorithm)=:\(digest.base64EncodedString()):"
    }

    static let small: UnifiedService.Limits = {
        var limits = UnifiedService.Limits()
        limits.lookahead = 16 << 10
        return limits
    }()

    @Test(arguments: ["content-digest", "repr-digest"], ["sha-256", "sha-512"])
    func `a digest that holds lets the file through`(name: String, algorithm: String) async throws {
        try await TestGateway.run { gateway in
            let form = Form(Form.resume)
            let response = try await gateway.upload(form, headers: [(name, "md5=:AAAA:, " + Self.field(form.body, algorithm))])
            #expect(response.status == 200, "\(response.json.text())")
            let file = Self.field(ByteBuffer(bytes: Form.pdf))
            #expect(response.headers.first(name: "file-digest") == file)
        }
    }

    @Test(arguments: [200, 300_000], [Form.Way.multipart, .raw, .passthrough, .json])
    func `one flipped bit is refused before the provider has the file`(size: Int, way: Form.Way) async throws {
        try await TestGateway.run(limits: Self.small) { gateway in
            let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: size)
            let (type, body, query) = way.request(bytes)
            var damaged = body
            let middle = damaged.readableBytes / 2
            damaged.setInteger(UInt8(ascii: "y"), at: middle)
            for (sent, status) in [(damaged, 400), (body, 200)] {
                let response = try await gateway.call(
                    .POST, "/unified/ats/attachments?integrated_account_id=\(gateway.accountID)&\(query)",
                    headers: [("content-type", type), ("content-digest", Self.field(body))], body: sent)
                #expect(response.status == status, "\(response.json.text())")
                if status == 400 {
                    #expect(response.json["code"] == "digest_mismatch")
                    #expect(try await gateway.stored()["uploads"]?.array?.isEmpty == true)
                }
            }
        }
    }

    @Test(arguments: ["sha-256=abc", "sha-256=:AAAA:", "sha-256", "sha-256=:***:", "sha-512=:AAAA:"])
    func `a digest that cannot be read is refused`(value: String) async throws {
        try await TestGateway.run { gateway in
            let response = try await gateway.upload(Form(Form.resume), headers: [("content-digest", value)])
            #expect(response.status == 400)
            #expect(response.json["code"] == "invalid_digest")
        }
    }

    @Test func `the file's digest comes when it is asked for, and only then`() async throws {
        try await TestGateway.run { gateway in
            let plain = try await gateway.upload(Form(Form.resume))
            #expect(plain.headers.first(name: "file-digest") == nil)
            let asked = try await gateway.upload(Form(Form.resume), headers: [("want-repr-digest", "sha-256=10")])
            #expect(asked.headers.first(name: "file-digest") == Self.field(ByteBuffer(bytes: Form.pdf)))
            #expect(asked.headers.first(name: "repr-digest") == Self.field(asked.body))
        }
    }
}

extension Form {
    /// The ways of docs/wire.md#request-bodies
    enum Way: Sendable, CaseIterable {
        case multipart, raw, passthrough, json

        func request(_ bytes: [UInt8]) -> (type: String, body: ByteBuffer, query: String) {
            let form = Form(.file("file", name: "a.txt", type: "text/plain", bytes: bytes))
            switch self {
            case .multipart: return (form.contentType, form.body, "")
            case .raw: return ("application/octet-stream", ByteBuffer(bytes: bytes), "file_name=a.txt")
            case .passthrough: return (form.contentType, form.body, "truto_body_passthrough=true")
            case .json:
                let text = String(decoding: bytes, as: UTF8.self)
                let base64 = Data(text.utf8).base64EncodedString()
                return ("application/json", ByteBuffer(string: #"{"file_name":"a.txt","file":"\#(base64)"}"#), "")
            }
        }
    }
}
