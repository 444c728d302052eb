import HTTPTypes
import NIOCore
import Testing
import TestSupport

@testable import Upstream

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Callers and providers that go away, ten thousand times over.
@Suite(.serialized) struct AbortTests {
    /// Calls `body` for 0..<count, so many at a time.
    static func each(_ count: Int, width: Int, _ body: @escaping @Sendable (Int) async -> Void) async {
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<count {
                if index >= width { await group.next() }
                group.addTask { await body(index) }
            }
        }
    }

    /// A call that is cancelled at a point that depends on `index`; returns when all of it has ended.
    static func abort(_ upstream: Upstream, _ url: String, _ index: Int, producers: Counter) async {
        let body = UpstreamRequest.Body.stream(length: 10 << 20) { writer in
            producers.add(1)
            defer { producers.add(-1) }
            let chunk = ByteBuffer(repeating: 1, count: 65536)
            for _ in 0..<160 { try await writer.write(chunk) }
        }
        let call = Task {
            try await upstream.send(UpstreamRequest(method: .post, url: url, body: body, limits: .stream))
        }
        // A turn takes long where other tests run beside this one; the call is as far by then as after many short ones.
        let latest = ContinuousClock.now + .milliseconds(5)
        for _ in 0..<(index % 40) where ContinuousClock.now < latest { await Task.yield() }
        call.cancel()
        _ = await call.result
    }

    @Test(.timeLimit(.minutes(10))) func `10,000 uploads given up half-way leave nothing behind`() async throws {
        try await RawServer.run(.silence) { server in
            try await withUpstream { upstream in
                let producers = Counter()
                await Self.abort(upstream, server.url, 39, producers: producers)
                await server.until { $0.open == 0 }
                let before = openFiles()
                let width = 32
                await Self.each(10_000, width: width) { index in
                    await Self.abort(upstream, server.url, index, producers: producers)
                }
                #expect(producers.count == 0)
                // A call that was given up before it had sent anything leaves its connection for the next one
                // (ConnectionPoolTests). A call connects only where none is idle, so there are never more than calls at once.
                #expect(upstream.pool.idleCount <= width)
                #expect(upstream.slots.counts == (0, 0))
                // The slower the machine, the more are given up before they connect; some hundreds get further on any.
                #expect(server.record.connections > 100)
                upstream.shutdown()
                #expect(upstream.pool.idleCount == 0)
                await server.until { $0.open == 0 }
                await untilClosed(to: before)
            }
        }
    }

    static let faults: [RawServer.Script] = [
        .init(.head, .reset), .init(.bytes(70_000), .close), .init(.bytes(200_000), .reset),
        // These response once per connection, and say so: a second request would wait in vain.
        .response("413 Too Large", "connection: close\r\n", body: "no", at: .head),
        .response("500 Oops", "connection: close\r\n", body: "no", at: .bytes(100_000)),
        .init(.head, .send("junk\r\n\r\n")), .init(.head, .closeOutput), .init(.request, .reset),
    ]

    @Test(.timeLimit(.minutes(10)), arguments: faults.indices)
    func `10,000 faults of a provider leave nothing behind`(_ fault: Int) async throws {
        let count = 10_000 / Self.faults.count
        try await RawServer.run(Self.faults[fault]) { server in
            try await withUpstream {
                $0.retries = .none
            } _: { upstream in
                let failures = Counter()
                let before = openFiles()
                await Self.each(count, width: 32) { index in
                    let request = UpstreamRequest(method: .post, url: server.url, body: .chunks(8))
                    let response = try? await upstream.send(request)
                    if response == nil || response?.status.kind != .successful { failures.add(1) }
                }
                #expect(failures.count == count)
                #expect(upstream.pool.idleCount == 0)
                await untilClosed(to: before)
            }
        }
    }
}

/// Waits until no more than a few files are open beyond `before`; a leak makes it wait past the test's time limit.
private func untilClosed(to before: Int?) async {
    guard let before else { return }
    while !Task.isCancelled, let now = openFiles(), now > before + 8 { await Task.yield() }
}

/// File descriptors of this process; nil where there is no way to count them.
private func openFiles() -> Int? {
    try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count
}
