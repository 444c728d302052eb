import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// What ended an exchange before its time, as the transport sees it.
enum Failure: Sendable, Hashable {
    /// The peer closed or reset the connection, or it could not be made; with the reason in the system's words.
    case closed(String)
    case deadline
    case idle
    /// The response keeps to no pace.
    case slow
    /// What arrived is not HTTP/1.1.
    case garbage(String)
    case cancelled

    /// What a failure means depends on how much had left, and on whether doing it twice would matter.
    ///
    /// - Parameter isSafe: the request only reads (RFC 9110 §9.2.1), or may be carried out twice, so there is no outcome to be unsure about.
    func error(phase: UpstreamPhase, isSafe: Bool) -> UpstreamError {
        switch self {
        case .cancelled:
            return UpstreamError(.cancelled, "the call was cancelled", phase: phase)
        case .garbage(let what):
            return UpstreamError(.badResponse, "the response is not HTTP: \(what)", phase: phase)
        case .closed, .deadline, .idle, .slow:
            break
        }
        if phase == .connecting { return UpstreamError(.couldNotConnect, "could not connect: \(reason)", phase: phase) }
        if phase >= .sent, !isSafe {
            return UpstreamError(
                .outcomeUnknown, "the whole request was sent, but no complete response came: \(reason)", phase: phase
            )
        }
        switch self {
        case .deadline, .idle, .slow: return UpstreamError(.timedOut, "the provider took too long: \(reason)", phase: phase)
        default: return UpstreamError(.interrupted, "the connection ended early: \(reason)", phase: phase)
        }
    }

    /// What an error of a socket says in the system's words: its own description names the call inside the library, too.
    static func reason(_ error: any Error) -> String {
        guard let error = error as? IOError else { return "\(error)" }
        return String(cString: strerror(error.errnoCode))
    }

    private var reason: String {
        switch self {
        case .closed(let reason): reason
        case .deadline: "the deadline passed"
        case .idle: "nothing moved for too long"
        case .slow: "the response came too slowly"
        case .garbage(let what): what
        case .cancelled: "cancelled"
        }
    }
}
