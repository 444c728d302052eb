package import HTTPTypes
package import NIOCore

/// One call to a provider, ready to be sent.
package struct UpstreamRequest: Sendable {
    package var method: HTTPRequest.Method
    /// Absolute; read by `TargetURL`.
    package var url: String
    /// Framing and hop-by-hop fields are ours and are dropped from here: see `HeaderRules`.
    package var headers: HTTPFields
    package var body: Body
    package var limits: UpstreamLimits
    /// Fields that identify us to this origin: they never follow a redirect to another one.
    /// `Authorization`, `Cookie` and `Proxy-Authorization` count as such without being named.
    package var credentialFields: Set<HTTPField.Name>
    /// Redirects to follow for GET and HEAD, each checked like the first address. 0 hands the 3xx response on.
    package var maxRedirects: Int
    /// Takes the place of the configured policy; such a call uses no connection that another one left.
    package var egress: EgressPolicy?
    /// Whose call it is; nil where it is nobody's in particular, and no share is kept to.
    package var tenant: Tenant?
    /// Bytes held between the body's producer and the connection; nil: as configured.
    package var bodyCapacity: Int?
    /// Whether sending it twice does no more than sending it once, as its definition says; nil: by the method, where only
    /// those that read are taken to be so.
    package var isIdempotent: Bool?
    /// Asked once after a 401, when the body can be sent again: the request with fresh credentials, or nil to give up.
    package var onUnauthorized: (@Sendable (UpstreamRequest) async throws -> UpstreamRequest?)?

    package init(
        method: HTTPRequest.Method = .get, url: String, headers: HTTPFields = [:], body: Body = .none,
        limits: UpstreamLimits = .json, credentialFields: Set<HTTPField.Name> = [], maxRedirects: Int = 0,
        onUnauthorized: (@Sendable (UpstreamRequest) async throws -> UpstreamRequest?)? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.limits = limits
        self.credentialFields = credentialFields
        self.maxRedirects = maxRedirects
        self.onUnauthorized = onUnauthorized
    }

    package enum Body: Sendable {
        case none
        /// Sent whole, and again when a retry is safe.
        case bytes(ByteBuffer)
        /// Produced while it is sent, once. `length` in bytes gives the request a `Content-Length`; nil is sent chunked.
        ///
        /// The closure runs in a child task of the call and has ended before the call returns. Its writes throw as
        /// soon as nobody reads any more; an error of its own aborts the request before its last byte.
        case stream(length: Int64?, @Sendable (BodyWriter) async throws -> Void)
        /// Like `stream`, but produced anew each time it is sent.
        case repeatable(length: Int64, @Sendable (BodyWriter) async throws -> Void)

        /// Whether the same bytes can be sent a second time.
        package var isReplayable: Bool {
            switch self {
            case .none, .bytes, .repeatable: true
            case .stream: false
            }
        }

        /// Whether the body is produced while it is sent, in its own time.
        package var isProduced: Bool { producer != nil }

        /// What produces the body; nil where it is held.
        var producer: (@Sendable (BodyWriter) async throws -> Void)? {
            switch self {
            case .none, .bytes: nil
            case .stream(_, let write), .repeatable(_, let write): write
            }
        }
    }

    /// Whether it may be sent again when it is unknown what became of it.
    var isSafe: Bool { isIdempotent ?? Self.safeMethods.contains(method) }

    private static let safeMethods: Set<HTTPRequest.Method> = [.get, .head, .options, .trace]
}

/// How long a call may take.
package struct UpstreamLimits: Sendable, Hashable {
    /// From the start of the call, retries and waiting included, to the last byte of the response. nil: no limit.
    package var total: Duration?
    /// For one connection to come about, TLS included.
    package var connect: Duration
    /// While it is the provider's turn: how long nothing may move.
    package var idle: Duration?
    /// From the request's start to the response's head, however slowly that moves. nil: no limit.
    package var head: Duration?

    package init(
        total: Duration? = nil, connect: Duration = .seconds(10), idle: Duration? = .seconds(60),
        head: Duration? = nil
    ) {
        self.total = total
        self.connect = connect
        self.idle = idle
        self.head = head
    }

    /// For calls that carry documents: 25 seconds in all, under the 30 that public clients wait.
    package static let json = UpstreamLimits(total: .seconds(25))
    /// For files: as long as they take, as long as they move.
    package static let stream = UpstreamLimits()
}
