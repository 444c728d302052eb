import AsyncHTTPClient
import Crypto
import Encodings
import HTTPTypes
import JSON
import NIOCore
import NIOHTTP1
import Testing

@testable import Sandbox

/// A running sandbox and a client for it.
struct Running: Sendable {
    let sandbox: SandboxServer
    let client: HTTPClient

    static let key = "Basic " + base64("\(LeverSeed.apiKey):")

    /// A response read whole.
    struct Answer: Sendable {
        var status: Int
        var headers: [String: String]
        var bytes: [UInt8]
        var json: JSONValue { (try? JSONValue.parse(bytes)) ?? nil }
    }

    func send(
        _ method: String, _ path: String, authorization: String? = key, headers: [(String, String)] = [],
        body: HTTPClientRequest.Body? = nil
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: sandbox.baseURL + path)
        request.method = .RAW(value: method)
        if let authorization { request.headers.add(name: "authorization", value: authorization) }
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = body
        let response = try await client.execute(request, timeout: .seconds(30))
        let buffer = try await response.body.collect(upTo: 64 << 20)
        let fields = Dictionary(response.headers.map { ($0.name.lowercased(), $0.value) }) { first, _ in first }
        return Answer(status: Int(response.status.code), headers: fields, bytes: Array(buffer.readableBytesView))
    }

    func upload(
        _ path: String, _ form: Form, authorization: String? = key, chunked: Bool = false
    ) async throws -> Answer {
        let bytes = ByteBuffer(bytes: form.bytes)
        let body: HTTPClientRequest.Body =
            chunked
            ? .stream([bytes].async, length: .unknown) : .bytes(bytes)
        return try await send("POST", path, authorization: authorization, headers: [("content-type", form.type)], body: body)
    }

    func post(_ path: String, _ json: JSONValue) async throws -> Answer {
        try await send(
            "POST", path, headers: [("content-type", "application/json")], body: .bytes(ByteBuffer(bytes: json.bytes()))
        )
    }

    /// Asks until a condition holds; throws when it does not after many questions.
    func eventually(_ condition: ([JSONValue]) -> Bool) async throws -> [JSONValue] {
        for _ in 0..<20_000 {
            let seen = try await requests()
            if condition(seen) { return seen }
        }
        throw NeverHeld()
    }

    struct NeverHeld: Error {}

    /// Where a response that is not followed sends the browser.
    func location(_ path: String, method: String = "GET", form: String? = nil) async throws -> String {
        var configuration = HTTPClient.Configuration()
        configuration.redirectConfiguration = .disallow
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        var request = HTTPClientRequest(url: sandbox.baseURL + path)
        request.method = .RAW(value: method)
        if let form {
            request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
            request.body = .bytes(ByteBuffer(string: form))
        }
        do {
            let response = try await client.execute(request, timeout: .seconds(30))
            try await client.shutdown()
            return response.headers.first(name: "location") ?? ""
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    func state() async throws -> JSONValue { try await send("GET", "/_sandbox/state").json }

    func requests() async throws -> [JSONValue] {
        try await send("GET", "/_sandbox/requests").json["requests"]?.array ?? []
    }

    func files(of opportunity: String = LeverSeed.opportunity) async throws -> [JSONValue] {
        try await state()[path: ["opportunities", opportunity, "files"]]?.array ?? []
    }
}

/// Runs a test against a sandbox of its own and leaves nothing behind.
func withSandbox(
    _ options: SandboxOptions = SandboxOptions(rateLimit: false), _ definition: SandboxDefinition? = nil,
    _ work: (Running) async throws -> Void
) async throws {
    let sandbox = try await SandboxServer.start(definition ?? .lever, options: options)
    let client = HTTPClient(eventLoopGroupProvider: .singleton)
    do {
        try await work(Running(sandbox: sandbox, client: client))
    } catch {
        try? await client.shutdown()
        await sandbox.shutdown()
        throw error
    }
    try await client.shutdown()
    await sandbox.shutdown()
}

/// A form written by hand, so that the tests share no writer with the gateway.
struct Form: Sendable {
    static let boundary = "sandbox-test-boundary"
    var bytes: [UInt8] = []
    var type: String { "multipart/form-data; boundary=\(Self.boundary)" }

    init(
        file bytes: [UInt8], name: String = "cv.pdf", type: String = "application/pdf", part: String = "file",
        fields: [(String, String)] = []
    ) {
        for (name, value) in fields { add("name=\"\(name)\"", nil, Array(value.utf8)) }
        add("name=\"\(part)\"; filename=\"\(name)\"", type, bytes)
        self.bytes += Array("--\(Self.boundary)--\r\n".utf8)
    }

    private mutating func add(_ parameters: String, _ type: String?, _ content: [UInt8]) {
        let head =
            "--\(Self.boundary)\r\nContent-Disposition: form-data; \(parameters)\r\n"
            + (type.map { "Content-Type: \($0)\r\n" } ?? "") + "\r\n"
        bytes += Array(head.utf8) + content + [13, 10]
    }
}

func base64(_ text: String) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var out = ""
    let bytes = Array(text.utf8)
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let three = bytes[start..<min(start + 3, bytes.count)]
        let value = three.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - three.count))
        for at in 0..<4 { out.append(at <= three.count ? digits[value >> (18 - 6 * at) & 63] : "=") }
    }
    return out
}

func sha256(_ bytes: [UInt8]) -> String { Hex.text(SHA256.hash(data: bytes)) }

/// Bytes that repeat only every 251 positions.
func pattern(_ count: Int) -> [UInt8] {
    let block = [UInt8](0..<251)
    var out: [UInt8] = []
    while out.count + block.count <= count { out += block }
    return out + block.prefix(count - out.count)
}

extension Array where Element: Sendable {
    /// The elements as an asynchronous sequence.
    var async: AsyncStream<Element> {
        AsyncStream { continuation in
            for element in self { continuation.yield(element) }
            continuation.finish()
        }
    }
}
