import HTTPTypes
import NIOCore
import NIOHTTP1
import Testing

@testable import Upstream

/// The bodies of requests and responses, without any connection.
struct `The body of a request` {
    private static func pieces(_ upload: inout Upload) -> [String] {
        var pieces: [String] = []
        while true {
            switch upload.next() {
            case .chunk(let chunk, let isLast): pieces.append("\(chunk.readableBytes)\(isLast ? " last" : "")")
            case .end: return pieces + ["end"]
            case .wait: return pieces + ["wait"]
            case .waiting: return pieces + ["waiting"]
            case .failed: return pieces + ["failed"]
            }
        }
    }

    private static let piece = Upload.pieceSize

    @Test(
        arguments: [
            (0, ["end"]), (1, ["1 last", "end"]), (piece, ["\(piece) last", "end"]), (piece + 1, ["\(piece)", "1 last", "end"]),
            (2 * piece, ["\(piece)", "\(piece) last", "end"]),
        ])
    func `that is held leaves in pieces, of which the last is known`(size: Int, expected: [String]) {
        var upload = Upload(.bytes(ByteBuffer(repeating: 1, count: size)))
        #expect(Self.pieces(&upload) == expected)
    }

    @Test func `that there is none of has ended`() {
        var upload = Upload(.none)
        #expect(Self.pieces(&upload) == ["end"])
    }

    @Test(arguments: [nil, 5, 6] as [Int64?]) func `that is produced leaves as it comes`(length: Int64?) throws {
        let pipe = BodyPipe(capacity: 100)
        var upload = Upload(.pipe(pipe, length: length))
        #expect(Self.pieces(&upload) == ["wait"])
        #expect(upload.isWaiting)
        try pipe.push(ByteBuffer(string: "ab"))
        try pipe.push(ByteBuffer(string: "cde"))
        #expect(Self.pieces(&upload) == ["waiting"], "it is asked once for each wait")
        upload.wake()
        #expect(Self.pieces(&upload) == ["2", length == 5 ? "3 last" : "3", "wait"])
        pipe.finish()
        upload.wake()
        #expect(Self.pieces(&upload) == ["end"])
    }

    @Test func `that failed ends at once, whatever was there`() throws {
        let pipe = BodyPipe(capacity: 100)
        var upload = Upload(.pipe(pipe, length: nil))
        try pipe.push(ByteBuffer(string: "ab"))
        pipe.fail(Boom())
        #expect(Self.pieces(&upload) == ["failed"])
    }

    // MARK: Its length

    @Test(arguments: [(3, 3, nil), (3, 2, -1), (3, 0, -3), (0, 0, nil)] as [(Int64, Int, Int64?)])
    func `is as long as was announced`(length: Int64, written: Int, excess: Int64?) async throws {
        let writer = BodyWriter(pipe: BodyPipe(capacity: 100), length: length)
        for _ in 0..<written { try await writer.write(ByteBuffer(string: "x")) }
        if let excess {
            #expect(throws: BodyLengthMismatch(excess: excess)) { try writer.checkComplete() }
        } else {
            #expect(throws: Never.self) { try writer.checkComplete() }
        }
    }

    @Test func `never has a byte too many sent`() async throws {
        let pipe = BodyPipe(capacity: 100)
        let writer = BodyWriter(pipe: pipe, length: 3)
        try await writer.write(ByteBuffer(string: "ab"))
        await #expect(throws: BodyLengthMismatch(excess: 1)) { try await writer.write(ByteBuffer(string: "cd")) }
        #expect(pipe.bytesOffered == 2)
    }

    @Test func `may be of any length where none was announced`() async throws {
        let writer = BodyWriter(pipe: BodyPipe(capacity: 100), length: nil)
        try await writer.write(ByteBuffer(string: "ab"))
        #expect(throws: Never.self) { try writer.checkComplete() }
    }

    // MARK: What is sent of it

    private static let produced: @Sendable (BodyWriter) async throws -> Void = { _ in }

    @Test(
        arguments: [
            (.get, .none, []), (.delete, .none, []), (.post, .none, ["content-length: 0"]), (.put, .none, ["content-length: 0"]),
            (.patch, .none, ["content-length: 0"]), (.get, .bytes(ByteBuffer()), ["content-length: 0"]),
            (.post, .bytes(ByteBuffer(string: "abc")), ["content-length: 3"]), (.post, .stream(length: 7, produced), ["content-length: 7"]),
            (.post, .stream(length: nil, produced), ["transfer-encoding: chunked"]),
            (.post, .repeatable(length: 0, produced), ["content-length: 0"]),
        ] as [(HTTPRequest.Method, UpstreamRequest.Body, [String])])
    func `is framed as it really is`(method: HTTPRequest.Method, body: UpstreamRequest.Body, lines: [String]) throws {
        let request = UpstreamRequest(
            method: method, url: "https://e.test/a?b", headers: [.contentLength: "99", .transferEncoding: "gzip", .expect: "100-continue"],
            body: body)
        let head = try HeaderRules.requestHead(request, to: TargetURL(request.url))
        #expect(head.headers.map { "\($0.name): \($0.value)" } == ["host: e.test"] + lines)
        #expect(head.uri == "/a?b" && head.method.rawValue == method.rawValue && head.version == .http1_1)
    }

    @Test func `has no negative length`() throws {
        let request = UpstreamRequest(method: .post, url: "https://e.test/", body: .stream(length: -1, Self.produced))
        let url = try TargetURL(request.url)
        #expect { try HeaderRules.requestHead(request, to: url) } throws: { ($0 as? UpstreamError)?.code == .invalidRequest }
    }

    @Test(
        arguments: [
            (.none, true, false), (.bytes(ByteBuffer()), true, false), (.stream(length: nil, produced), false, true),
            (.repeatable(length: 1, produced), true, true),
        ] as [(UpstreamRequest.Body, Bool, Bool)])
    func `can be sent twice unless it is gone`(body: UpstreamRequest.Body, isReplayable: Bool, isProduced: Bool) {
        #expect(body.isReplayable == isReplayable && body.isProduced == isProduced)
    }

    @Test(
        arguments: [
            (.get, nil, true), (.head, nil, true), (.options, nil, true), (.trace, nil, true), (.post, nil, false), (.put, nil, false),
            (.delete, nil, false), (.patch, nil, false), (.post, true, true), (.get, false, false),
        ] as [(HTTPRequest.Method, Bool?, Bool)])
    func `may be carried out twice where its method reads, or its definition says so`(
        method: HTTPRequest.Method, isIdempotent: Bool?, isSafe: Bool
    ) {
        var request = UpstreamRequest(method: method, url: "https://e.test/")
        request.isIdempotent = isIdempotent
        #expect(request.isSafe == isSafe)
    }
}

struct `The body of a response` {
    /// A response whose body comes in these chunks; without an end where `failure` is given.
    private static func response(
        _ chunks: [String], length: String? = nil, failure: (any Error)? = nil
    ) throws -> UpstreamResponse {
        let pipe = BodyPipe(capacity: 1 << 20)
        for chunk in chunks { try pipe.push(ByteBuffer(string: chunk)) }
        if let failure { pipe.fail(failure) } else { pipe.finish() }
        var headers: HTTPFields = [:]
        headers[.contentLength] = length
        return UpstreamResponse(
            status: .ok, headers: headers, body: UpstreamBody(pipe: pipe), url: try TargetURL("https://e.test/"))
    }

    @Test(arguments: [[], ["abc"], ["a", "b", "c"]]) func `is read whole`(chunks: [String]) async throws {
        let whole = chunks.joined()
        #expect(String(buffer: try await Self.response(chunks).collected(upTo: 3).body) == whole)
        var held = 0
        let counted = try await Self.response(chunks, length: "\(whole.utf8.count)").collected(upTo: 3, padding: 8) { held += $0 }
        #expect(String(buffer: counted.body) == whole && held == whole.utf8.count)
        let zeros = counted.body.withVeryUnsafeBytes { Array($0[counted.body.writerIndex..<counted.body.writerIndex + 8]) }
        #expect(zeros.allSatisfy { $0 == 0 }, "who reads it where it lies may look behind its end")
    }

    @Test(arguments: [nil, "3", "9999999999999", "nonsense", "-1"]) func `is no longer than allowed, whatever it announced`(
        length: String?
    ) async throws {
        for collect in [true, false] {
            let response = try Self.response(["ab", "cd"], length: length)
            await #expect {
                if collect { return try await response.collected(upTo: 3) }
                return try await response.collected(upTo: 3) { _ in }
            } throws: { error in
                let error = error as? UpstreamError
                return error?.code == .responseTooLarge && error?.phase == .answering && error?.message.contains("3 bytes") == true
            }
        }
    }

    @Test func `ends where there is no room to hold it`() async throws {
        var held: [Int] = []
        await #expect(throws: Boom.self) {
            _ = try await Self.response(["ab", "cd", "ef"]).collected(upTo: 100) { bytes in
                held.append(bytes)
                if held.count == 2 { throw Boom() }
            }
        }
        #expect(held == [2, 2], "asked before each piece is kept")
    }

    @Test func `breaks off as its connection did`() async throws {
        let response = try Self.response([], failure: UpstreamError(.interrupted, "m"))
        await #expect { _ = try await response.collected(upTo: 10) } throws: { ($0 as? UpstreamError)?.code == .interrupted }
    }

    // MARK: A file from an address

    private static func fetched(_ chunks: [String], most: Int64, failure: (any Error)? = nil) throws -> FetchedBytes {
        var limits = FileFetchLimits(maxBytes: most)
        limits.bytesPerSecond = 1
        return FetchedBytes(body: try response(chunks, failure: failure).body, limits: limits)
    }

    private static func read(_ bytes: FetchedBytes) async -> (text: String, code: FileFetchError.Code?) {
        var text = ""
        do {
            for try await chunk in bytes { text += String(buffer: chunk) }
            return (text, nil)
        } catch { return (text, (error as? FileFetchError)?.code) }
    }

    @Test(
        arguments: [(6, "abcdef", nil), (5, "abcd", .tooLarge), (1, "", .tooLarge), (0, "", .tooLarge)]
            as [(Int64, String, FileFetchError.Code?)])
    func `of a file from an address has no more than the limit`(most: Int64, text: String, code: FileFetchError.Code?) async throws {
        let read = await Self.read(try Self.fetched(["ab", "cd", "ef"], most: most))
        #expect(read.text == text && read.code == code)
    }

    @Test func `of a file from an address breaks off as unreachable`() async throws {
        #expect(await Self.read(try Self.fetched([], most: 9, failure: UpstreamError(.timedOut, "m"))).code == .unreachable)
        #expect(await Self.read(try Self.fetched([], most: 9, failure: UpstreamError(.badResponse, "m"))).code == .unusable)
    }

    @Test(
        arguments: [(0, 30), (16 << 10, 31), (160 << 10, 40), (1 << 30, 65566)] as [(Int64, Int)])
    func `of a file from an address may take as long as its bytes excuse`(bytes: Int64, seconds: Int) {
        #expect(FileFetchLimits(maxBytes: .max).allowance(for: bytes) == .seconds(seconds))
    }

    @Test func `of a file from an address excuses no wait where the pace is none`() {
        var limits = FileFetchLimits(maxBytes: .max)
        limits.bytesPerSecond = 0
        #expect(limits.allowance(for: 5) == .seconds(35), "a byte a second is the least")
    }
}

/// Rounding of times.
struct `A time that is passed on` {
    @Test(
        arguments: [
            (.zero, 0, 0), (.microseconds(1), 1, 1), (.nanoseconds(1), 0, 1), (.nanoseconds(1001), 1, 2),
            (.seconds(2), 2_000_000, 2_000_000),
            (.milliseconds(1500), 1_500_000, 1_500_000),
        ] as [(Duration, Int64, Int64)])
    func `is whole microseconds`(duration: Duration, down: Int64, up: Int64) {
        #expect(duration.microsecondsDown == down && duration.microsecondsUp == up)
    }

    @Test(
        arguments: [(.zero, 1), (.nanoseconds(1), 1), (.seconds(1), 1), (.milliseconds(1001), 2), (.seconds(86_400), 86_400)]
            as [(Duration, Int)])
    func `is whole seconds to wait, and at least one`(duration: Duration, seconds: Int) {
        #expect(duration.secondsToWait == seconds)
    }

    @Test func `is left until a deadline, and never less than nothing`() {
        let now = NIODeadline.uptimeNanoseconds(1000)
        #expect((now + .seconds(2)).timeLeft(from: now) == .seconds(2))
        #expect((now - .nanoseconds(5)).timeLeft(from: now) == .zero)
    }
}
