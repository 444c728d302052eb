package import Accounts
import HTTPTypes
import NIOCore
package import Logging
import ServiceLifecycle
package import Upstream

/// Sends events to the environments' webhooks, on every node, until it is shut down.
package struct WebhookSender: Service {
    private let webhooks: WebhookService
    private let upstream: Upstream
    private let logger: Logger
    private let pause: Duration

    /// - Parameter pause: between two looks for deliveries that are due.
    package init(_ accounts: AccountServices, upstream: Upstream, logger: Logger, pause: Duration = .seconds(1)) {
        webhooks = accounts.webhooks
        self.upstream = upstream
        self.logger = logger
        self.pause = pause
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var purged = ContinuousClock.now
            while !Task.isCancelled {
                let sent = await round()
                if purged.duration(to: .now) > .seconds(3600) {
                    _ = try? await webhooks.purge()
                    purged = .now
                }
                if sent == 0 { try? await Task.sleep(for: pause) }
            }
        }
    }

    /// How many were attempted.
    private func round() async -> Int {
        do {
            return try await webhooks.deliver { [upstream] request in try await Self.send(request, by: upstream) }
        } catch {
            logger.warning("Webhooks could not be read", metadata: ["error": "\(error)"])
            return 0
        }
    }

    private static func send(_ webhook: WebhookRequest, by upstream: Upstream) async throws -> Int {
        let request = UpstreamRequest(
            method: .post, url: webhook.url, headers: webhook.headers, body: .bytes(ByteBuffer(bytes: webhook.body)),
            limits: UpstreamLimits(total: .seconds(WebhookService.longestSend))
        )
        // The receiver's body is not read: only its status counts.
        let notes = CallNotes(id: RequestID.make(), kind: .webhook, environment: webhook.environmentID)
        return try await CallNotes.$current.withValue(notes) {
            try await upstream.withResponse(request) { $0.status.code }
        }
    }
}
