import Accounts
import Catalog
import Encodings
import HTTPTypes
import JSON
import Logging
import Synchronization
import Tracing
import Unified
import Upstream

/// Answers one request: finds its route, checks the caller, runs it, and turns every error into its response.
struct Responder: Sendable {
    let table: RouteTable
    let authenticator: Authenticator
    let limiter: RequestLimiter
    let live: LiveConfiguration
    let logger: Logger
    let draining = Draining()
    let watch: DatabaseWatch
    let observer: CallObserver
    let failedExchanges: FailedExchanges

    func respond(to request: ClientConnection.Request, on connection: ClientConnection) async {
        let started = ContinuousClock.now
        observer.began()
        let id = RequestID.make()
        let span = RequestSpan(observer.tracer, request.head, requestID: id)
        let trace = request.head.headerFields[.traceparent].flatMap { TraceContext($0) }
        // Without a caller's trace the row of the log names the one that begins here.
        let notes = CallNotes(
            id: id, trace: trace ?? span?.exported, tracer: observer.tracer, keepsExchange: failedExchanges.isKeeping)
        var logger = self.logger
        logger[metadataKey: "request_id"] = .string(id)
        let responseWriter = ResponseWriter(connection, requestID: id)
        responseWriter.wantedDigest = DigestFields.Algorithm(wanted: request.head.headerFields[.wantReprDigest])
        let crossOrigin = live.crossOrigin
        responseWriter.originFields = crossOrigin.fields(for: request.head.headerFields[.origin])
        // HEAD is GET without the body, whatever the route (RFC 9110 §9.3.2).
        var head = request.head
        responseWriter.omitsBody = head.method == .head
        if responseWriter.omitsBody { head.method = .get }
        let (path, query) = Self.split(head.path ?? "/")
        var call = Call(
            id: id, head: head, path: path, rawQuery: query, body: request.body, connection: connection,
            responseWriter: responseWriter, logger: logger)
        var failure: (any Error)?
        var pattern: String?
        do {
            if let fault = request.fault { throw fault }
            if let preflight = crossOrigin.preflight(head) {
                try await responseWriter.send(preflight)
            } else {
                let (route, parameters) = try table.find(head.method, path)
                pattern = route.path
                call.parameters = parameters
                try await CallNotes.$current.withValue(notes) {
                    guard let span else { return try await run(route, call, notes) }
                    try await ServiceContext.$current.withValue(span.context) { try await run(route, call, notes) }
                }
            }
        } catch {
            failure = error
        }
        do {
            if let failure { try await respond(to: failure, call: call) }
            connection.answered(closes: responseWriter.closesConnection)
        } catch {
            connection.abort()
        }
        let (code, took) = (Self.logCode(failure), ContinuousClock.now - started)
        log(call, request.head.method, pattern: pattern, code: code, took: took)
        let ended = EndedCall(
            notes: notes, httpMethod: request.head.method.rawValue, route: pattern,
            status: responseWriter.sentStatus?.code, code: code, duration: took, bytesIn: request.body.bytesOffered,
            bytesOut: responseWriter.sentBytes)
        observer.ended(ended)
        span?.end(ended)
        if failure != nil { keepExchange(of: notes) }
    }

    private func keepExchange(of notes: CallNotes) {
        let known = notes.known
        guard let environment = known.environment, let text = known.exchange, let exchange = try? JSONValue.parse(text).object
        else { return }
        failedExchanges.keep(exchange, request: notes.id, environment: environment)
    }

    private func run(_ route: Route, _ call: Call, _ notes: CallNotes) async throws {
        if !route.isAlwaysServed { try draining.check() }
        // What needs the database would wait for it in vain.
        if route.access != .anyone { try watch.check() }
        let caller = try await authenticator.caller(of: call, access: route.access)
        if let environment = try? caller.environment() { notes.note { $0.environment = environment } }
        if let key = caller.limitKey, let limit = live.tokenLimit {
            call.responseWriter.limitFields = try await limiter.take(key, limit)
        }
        try caller.require(route)
        try await AuditActor.$current.withValue(caller.auditActor) { try await route.handle(call, caller) }
    }

    private func respond(to error: any Error, call: Call) async throws {
        // Once the status is out, all that is left is to end the connection, so that the client sees a broken response.
        guard call.responseWriter.sentStatus == nil else { throw error }
        if error is ConnectionEnded || error is CancellationError { throw error }
        let apiError = APIError.from(error, logger: call.logger)
        if draining.isUnderWay { call.responseWriter.closesConnection = true }
        // What is left of a short body is let by, so that the connection can be used again.
        if call.mayHaveLongRest, await !call.connection.hasWholeRequest() { call.responseWriter.closesConnection = true }
        try await call.responseWriter.send(.error(apiError, requestID: call.id, accept: call.headers[.accept]))
    }

    private func log(_ call: Call, _ method: HTTPRequest.Method, pattern: String?, code: String, took: Duration) {
        let status = call.responseWriter.sentStatus?.code ?? 499
        call.logger.log(
            level: status >= 500 && status != 503 ? .error : .info, "request",
            metadata: [
                "method": .string(method.rawValue), "route": .string(pattern ?? "none"),
                "status": .stringConvertible(status), "bytes": .stringConvertible(call.responseWriter.sentBytes),
                "ms": .stringConvertible(Int(took / .milliseconds(1))),
                "code": .string(code),
            ])
    }

    /// What a call's line in the log says of its end: the code that its response names, so that one can be found by the other.
    static func logCode(_ failure: (any Error)?) -> String {
        switch failure {
        case nil: "ok"
        case let error as APIError: error.code.name
        case let error as AccountsError: APIError(error).code.name
        case let error as CatalogError: APIError(error).code.name
        case is ConnectionEnded, is CancellationError: "aborted"
        default: APIError.Code.internalError.name
        }
    }

    /// The path's segments, percent-decoded, empty ones dropped; and the query.
    ///
    /// - Parameter target: also in absolute form, which every server has to take (RFC 9112 §3.2.2).
    static func split(_ target: String) -> (path: [String], query: Substring) {
        var target = Substring(target)
        if target.utf8.first != UInt8(ascii: "/"), let authority = target.firstRange(of: "://")?.upperBound {
            target = Substring(target[authority...].utf8.drop { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") })
        }
        let end = target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        return (PathSegments.of(target[..<end]), Substring(target.utf8[end...].dropFirst()))
    }
}

/// Whether the gateway is on its way down: calls under way end, new ones are sent elsewhere.
final class Draining: Sendable {
    private let hasBegun = Mutex(false)

    var isUnderWay: Bool { hasBegun.withLock { $0 } }

    func begin() { hasBegun.withLock { $0 = true } }

    /// - Throws: `draining`, for a call that came over a connection from before.
    func check() throws(APIError) {
        guard isUnderWay else { return }
        throw APIError(.draining, "The gateway is going down").header("retry-after", "1")
    }
}

/// The segments of a request target's path.
enum PathSegments {
    /// Percent-decoded (RFC 3986 §2.1), empty ones dropped; what does not decode stays as it was sent.
    static func of(_ path: Substring) -> [String] {
        var segments: [String] = []
        segments.reserveCapacity(8)
        var rest = Array(path.utf8)[...]
        while !rest.isEmpty {
            let bytes = rest.prefix { $0 != UInt8(ascii: "/") }
            rest = rest[bytes.endIndex...].dropFirst()
            if bytes.isEmpty { continue }
            let segment = String(decoding: bytes, as: UTF8.self)
            segments.append(bytes.contains(UInt8(ascii: "%")) ? PercentEncoding.decoded(segment) ?? segment : segment)
        }
        return segments
    }
}

extension Call {
    /// Whether much of the body may be on its way that nobody will read, or none of it will ever come.
    var mayHaveLongRest: Bool {
        expectsContinue || headers[.transferEncoding] != nil || (contentLength ?? 0) > 64 << 10
    }
}

extension APIError {
    /// The response to any error; a fault of ours is logged by its type and answered without details.
    static func from(_ error: any Error, logger: Logger) -> APIError {
        if let error = error as? APIError { return error }
        if let error = error as? AccountsError { return APIError(error) }
        if let error = error as? CatalogError { return APIError(error) }
        logger.error("unexpected error", metadata: ["type": .string(String(describing: type(of: error)))])
        return APIError(.internalError, "Something went wrong in the gateway", hint: "Report the request_id")
    }
}

extension HTTPField.Name {
    /// Names the trace that a request belongs to (W3C Trace Context).
    static let traceparent = Self("traceparent")!
}
