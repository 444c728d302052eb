import HTTPTypes
import HummingbirdCore
import JSON
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// A server that webhooks are sent to: keeps what it got, and responds as told, 200 when there is nothing left to tell.
final class EventReceiver: Sendable {
    struct Event: Sendable {
        var fields: HTTPFields
        var body: [UInt8]

        func field(_ name: String) -> String? { HTTPField.Name(name).flatMap { fields[$0] } }
        var json: JSONValue { (try? JSONValue.parse(body)) ?? .null }
    }

    private let state = Mutex<(events: [Event], responses: [Int])>(([], []))

    var events: [Event] { state.withLock { $0.events } }
    func response(_ statuses: Int...) { state.withLock { $0.responses = statuses } }

    /// Waits until that many events have come. What bounds it is the test's time limit.
    func wait(for count: Int) async throws -> [Event] {
        while events.count < count { try await Task.sleep(for: .milliseconds(10)) }
        return events
    }

    /// Runs `body` with a receiver and its port.
    static func run(_ body: (EventReceiver, _ port: Int) async throws -> Void) async throws {
        let receiver = EventReceiver()
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let server = try HTTPServerBuilder.http1().buildServer(
            configuration: ServerConfiguration(address: .hostname("127.0.0.1", port: 0)),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Logger(label: "receiver", factory: { _ in SwiftLogNoOpLogHandler() })
        ) { (request, writer: consuming ResponseWriter, _) in
            let bytes = try await request.body.collect(upTo: 1 << 20)
            let status = receiver.take(Event(fields: request.head.headerFields, body: Array(buffer: bytes)))
            let response = HTTPResponse(status: .init(code: status), headerFields: [.contentLength: "0"])
            try await writer.writeResponse(response)
        } onServerRunning: { channel in
            found.yield(channel.localAddress?.port ?? 0)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            var iterator = ports.makeAsyncIterator()
            let port = await iterator.next() ?? 0
            defer { group.cancelAll() }
            try await body(receiver, port)
        }
    }

    private func take(_ event: Event) -> Int {
        state.withLock { state in
            state.events.append(event)
            return state.responses.isEmpty ? 200 : state.responses.removeFirst()
        }
    }
}
