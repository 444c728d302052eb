import Accounts
import AsyncHTTPClient
import Foundation
import JSON
import NIOCore
import NIOHTTP1
import Sandbox
import Storage
import Synchronization
import Testing
import TestSupport

/// Calls and their responses as lines of JSON, compared with the lines that were recorded before.
///
/// Time and chance are fixed for gateway and sandbox, so that a run can be repeated byte for byte. What still differs is
/// put in the same form on both sides: addresses, request ids, `date`, and times left until a limit resets.
final class Corpus {
    private let gateway: TestGateway
    private var hosts: [(text: String, name: String)]
    private var lines: [String] = []

    private init(_ gateway: TestGateway, provider: String?) {
        self.gateway = gateway
        hosts = [(address(gateway.baseURL), "gateway.test"), (address(gateway.sandbox.baseURL), "sandbox.test")]
        if let provider { hosts.append((address(provider), "provider.test")) }
        func address(_ url: String) -> String { String(url.dropFirst("http://".count)) }
    }

    /// Makes the calls of `script`, and compares or records them.
    static func run(_ name: String, _ gateway: TestGateway, _ script: (Corpus) async throws -> Void) async throws {
        try compare(name, try await lines(gateway, script))
    }

    /// Makes the calls of `script`.
    static func lines(
        _ gateway: TestGateway, provider: String? = nil, _ script: (Corpus) async throws -> Void
    ) async throws -> [String] {
        let corpus = Corpus(gateway, provider: provider)
        try await script(corpus)
        return corpus.lines
    }

    /// Makes a call and takes down its response.
    @discardableResult
    func call(
        _ method: HTTPMethod, _ path: String, _ headers: [(String, String)] = [], body: ByteBuffer? = nil,
        authorization: String? = "house"
    ) async throws -> Answer {
        let response = try await gateway.call(method, path, headers: headers, body: body, authorization: authorization)
        let type = response.headers.first(name: "content-type") ?? ""
        let fields = response.headers.filter { !["date", "x-request-id"].contains($0.name.lowercased()) }
            .map { "\($0.name): \(Self.isTimed($0.name) ? "…" : $0.value)" }
        let line: JSONValue = [
            "request": .string("\(method.rawValue) \(path)"),
            "sent": body.map { .string(Self.text($0)) } ?? .null,
            "status": .number(JSONNumber(response.status)), "fields": .array(fields.map(JSONValue.string)),
            "response": .string(type.contains("html") ? "\(response.body.readableBytes) bytes" : Self.text(response.body)),
        ]
        lines.append(normalized(line.text()))
        return response
    }

    @discardableResult
    func send(_ method: HTTPMethod, _ path: String, _ json: String) async throws -> Answer {
        try await call(method, path, [("content-type", "application/json")], body: ByteBuffer(string: json))
    }

    private static func isTimed(_ name: String) -> Bool {
        ["ratelimit", "ratelimit-reset", "retry-after"].contains(name.lowercased())
    }

    /// Text as it is; other bytes, and long ones, by their number and hash.
    private static func text(_ body: ByteBuffer) -> String {
        if body.readableBytes <= 1 << 20, let text = String(validating: body.readableBytesView, as: UTF8.self) { return text }
        let hash = body.readableBytesView.reduce(into: UInt64(14_695_981_039_346_656_037)) { hash, byte in
            hash = (hash ^ UInt64(byte)) &* 1_099_511_628_211
        }
        return "\(body.readableBytes) bytes, FNV-1a \(String(hash, radix: 16))"
    }

    private func normalized(_ line: String) -> String {
        var line = line
        for (text, name) in hosts {
            line = line.replacingOccurrences(of: text, with: name)
            // As in a query.
            line = line.replacingOccurrences(of: text.replacingOccurrences(of: ":", with: "%3A"), with: name)
        }
        line = line.replacing(/\\"(request_id|date)\\":\\"[^"\\]*\\"/) { #"\"\#($0.1)\":\"…\""# }
        if line.contains("$file") {
            // The name of the place where the file goes into a body is never the same.
            line = line.replacing(/\$file\\":\\"[^"\\]*/, with: #"$file\":\"…"#)
            line = line.replacing(/Content-Length: \d+/, with: "Content-Length: …")
        }
        // Hashes of what holds an address.
        return line.replacing(/[0-9a-f]{64}/, with: "…")
    }

    /// Compares with what was recorded under that name, or records.
    static func compare(_ name: String, _ lines: [String]) throws {
        let text = lines.map { $0 + "\n" }.joined()
        let file = folder.appending(path: "\(name).jsonl")
        if ProcessInfo.processInfo.environment["ATTACHE_RECORD_CORPUS"] == "1" {
            return try text.write(to: file, atomically: true, encoding: .utf8)
        }
        let recorded = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
        #expect(lines.count == recorded.count, "\(name): another number of calls")
        for (now, before) in zip(lines, recorded) where now != before {
            Issue.record("\(name) differs.\nrecorded: \(before)\nnow:      \(now)")
        }
    }

    /// `Tests/Corpus`.
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Corpus")
}

/// Time that stands still, and random numbers that are always the same.
final class FixedEffects: Sendable {
    /// 2026-11-28T12:00:00Z.
    static let now: Int64 = 1_795_867_200_000

    private let generator = Mutex(SeededGenerator(seed: 0))

    private func next() -> UInt64 { generator.withLock { $0.next() } }

    var effects: Effects {
        Effects(
            now: { Timestamp(millisecondsSinceEpoch: Self.now) }, uptime: Effects.live.uptime,
            randomBytes: { count in (0..<count).map { _ in UInt8(truncatingIfNeeded: self.next()) } })
    }

    static func sandbox() -> SandboxOptions {
        let numbers = FixedEffects()
        var options = SandboxOptions(rateLimit: false, clock: { now })
        options.random = { numbers.next() }
        return options
    }
}
