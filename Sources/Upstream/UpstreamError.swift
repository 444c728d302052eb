/// Why a call to a provider gave no usable response.
///
/// A provider's own error status is not one of these: it is a response.
package struct UpstreamError: Error, Sendable, CustomStringConvertible {
    /// What happened, in the terms a caller decides by.
    package enum Code: String, Sendable, Hashable, CaseIterable {
        /// The address is not one that calls may go to. Nothing was sent.
        case egressRefused = "egress_refused"
        /// The URL or a header cannot be sent as it is. Nothing was sent.
        case invalidRequest = "invalid_request"
        /// No connection came about. Nothing was sent, so sending again is safe.
        case couldNotConnect = "could_not_connect"
        /// No connection became free in time, or the one in use was needed by others. Sending again is safe.
        case providerBusy = "provider_busy"
        /// The connection ended before the whole request had left, or while only reading.
        case interrupted = "upstream_interrupted"
        /// The whole of a write was sent and no whole response came: it may or may not have been carried out.
        case outcomeUnknown = "outcome_unknown"
        /// A deadline or idle limit passed before the whole request had left, or while only reading.
        case timedOut = "upstream_timed_out"
        /// What came back is not HTTP.
        case badResponse = "bad_provider_response"
        /// The response is longer than the caller takes.
        case responseTooLarge = "response_too_large"
        /// The closure that produces the request body failed; see `source`.
        case sourceFailed = "source_failed"
        /// The task that made the call was cancelled.
        case cancelled
    }

    package let code: Code
    /// For people; holds no credential and no query.
    package let message: String
    /// How far the request had come.
    package let phase: UpstreamPhase
    /// The error of the body's producer, when `code` is `sourceFailed`.
    package let source: (any Error)?

    init(_ code: Code, _ message: String, phase: UpstreamPhase = .connecting, source: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.phase = phase
        self.source = source
    }

    /// Exchanges end with nothing but `UpstreamError`; anything else is the connection's.
    init(from error: any Error) {
        self = error as? UpstreamError ?? Failure.closed(Failure.reason(error)).error(phase: .sent, isSafe: false)
    }

    package var description: String { "\(code.rawValue): \(message)" }

    package static func invalidRequest(_ message: String) -> UpstreamError { .init(.invalidRequest, message) }

    package static func egressRefused(host: String, _ reason: String) -> UpstreamError {
        .init(.egressRefused, "calls to \(host) are not allowed: \(reason)")
    }

    static func couldNotConnect(_ reason: String) -> UpstreamError {
        .init(.couldNotConnect, "could not connect: \(reason)")
    }

    static func providerBusy(_ reason: String) -> UpstreamError { .init(.providerBusy, reason) }

    static func responseTooLarge(limit: Int) -> UpstreamError {
        .init(.responseTooLarge, "the response is longer than \(limit) bytes", phase: .answering)
    }

    static func sourceFailed(_ error: any Error) -> UpstreamError {
        .init(.sourceFailed, "the request body could not be produced", phase: .sending, source: error)
    }
}

/// How far a request has come; each later phase includes the earlier ones.
package enum UpstreamPhase: Int, Sendable, Hashable, Comparable {
    /// Not a byte of the request can have been acted upon.
    case connecting
    /// The head, and perhaps part of the body, has left.
    case sending
    /// The last byte has left; no response yet.
    case sent
    /// The response's head has arrived.
    case answering

    package static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}
