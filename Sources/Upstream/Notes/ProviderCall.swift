import HTTPTypes
import Synchronization

/// One call to a provider that has ended, retries included: what a log and metrics say of it.
package struct ProviderCall: Sendable {
    /// The request that it was made for; nil for what the gateway does by itself.
    package var notes: CallNotes?
    package var tenant: Tenant?
    /// Without path and query.
    package var host: String
    package var method: String
    /// Of the last response; nil where there was none.
    package var status: Int?
    /// `ok`, or the code of the error.
    package var code: String
    package var duration: Duration
    package var bytesSent: Int
    package var bytesReceived: Int
    package var retries: Int
}

/// What one call has moved, over all its attempts.
struct CallTally: Sendable {
    var attempts = 0
    var sent = 0
    var received = 0
    var status: Int?

    mutating func add(_ exchange: Exchange) {
        sent += exchange.bytesSent.load(ordering: .relaxed)
        received += exchange.bytesReceived.load(ordering: .relaxed)
    }
}

extension ProviderCall {
    init(_ call: Call, _ request: UpstreamRequest, since start: ContinuousClock.Instant, error: (any Error)?) {
        let tally = call.tally
        self.init(
            notes: CallNotes.current, tenant: request.tenant, host: call.url.hostText,
            method: request.method.rawValue, status: tally.status, code: Self.code(error, tally.status),
            duration: .now - start, bytesSent: tally.sent, bytesReceived: tally.received,
            retries: max(tally.attempts - 1, 0))
    }

    /// Any other error after a response comes from the reader of the body: the provider succeeded.
    private static func code(_ error: (any Error)?, _ status: Int?) -> String {
        switch error {
        case let error as UpstreamError: error.code.rawValue
        case is CancellationError: UpstreamError.Code.cancelled.rawValue
        case .some where status == nil: UpstreamError.Code.sourceFailed.rawValue
        default: status.map { $0 < 400 } == true ? "ok" : "remote_error"
        }
    }
}
